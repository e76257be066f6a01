//! Eigenvalues of small symmetric matrices.

/// More sweeps than a matrix of any size here needs: convergence is quadratic, 6 to 10 are usual.
const SWEEPS: usize = 60;

/// Eigenvalues, in no order, and eigenvectors (row `i` of the second belongs to value `i`) of the
/// symmetric `matrix`, row-major `[n, n]`.
///
/// Cyclic Jacobi rotations (Golub & Van Loan, Matrix Computations, section 8.5). Absolute error of a
/// value about 1e-15 times n and the largest one; 64 x 64 takes a few milliseconds.
pub fn eigen(matrix: &[f64], n: usize) -> (Vec<f64>, Vec<f64>) {
    assert_eq!(matrix.len(), n * n, "[{n}, {n}] expected");
    let mut a = matrix.to_vec();
    let mut vectors = vec![0.0; n * n];
    for i in 0..n {
        vectors[i * n + i] = 1.0;
    }
    let size: f64 = a.iter().map(|v| v * v).sum();
    for _ in 0..SWEEPS {
        let pairs = (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
        let off: f64 = pairs.clone().map(|(i, j)| a[i * n + j] * a[i * n + j]).sum();
        // Not a number ends it too.
        if off.partial_cmp(&(size * 1e-32)) != Some(std::cmp::Ordering::Greater) {
            break;
        }
        for (p, q) in pairs {
            if a[p * n + q] != 0.0 {
                rotate(&mut a, &mut vectors, n, p, q);
            }
        }
    }
    ((0..n).map(|i| a[i * n + i]).collect(), vectors)
}

/// The rotation in the plane (p, q) that makes element (p, q) zero, applied from both sides.
fn rotate(a: &mut [f64], vectors: &mut [f64], n: usize, p: usize, q: usize) {
    let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * a[p * n + q]);
    // The smaller root of t^2 + 2 theta t = 1: the rotation by at most 45 degrees.
    let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    for k in 0..n {
        let (x, y) = (a[k * n + p], a[k * n + q]);
        (a[k * n + p], a[k * n + q]) = (c * x - s * y, s * x + c * y);
    }
    for m in [a, vectors] {
        for k in 0..n {
            let (x, y) = (m[p * n + k], m[q * n + k]);
            (m[p * n + k], m[q * n + k]) = (c * x - s * y, s * x + c * y);
        }
    }
}
