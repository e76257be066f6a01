use super::instances::{MANY, ROUNDING, close, masses, rng};
use crate::support::masses::total_variation;

/// All judges there are on up to eight outcomes, and the best of them reaches the bound.
#[test]
fn eq_accuracy() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = 2 + rng.below(7) as usize;
        let (data, g) = (masses(&mut rng, n), masses(&mut rng, n));
        let bound = 0.5 + 0.5 * total_variation(&data, &g);
        let mut best = 0.0_f64;
        for says_real in 0_u32..1 << n {
            let (mut right, mut of_data, mut of_g) = (0.0, 0.0, 0.0);
            for x in 0..n {
                if says_real >> x & 1 == 1 {
                    right += 0.5 * data[x];
                    of_data += data[x];
                    of_g += g[x];
                } else {
                    right += 0.5 * g[x];
                }
            }
            close(right, 0.5 + 0.5 * (of_data - of_g), ROUNDING);
            best = best.max(right);
        }
        close(best, bound, ROUNDING);
    }
}
