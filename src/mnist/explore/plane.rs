//! The plane through three z.

use super::{norm, to_shell};

/// The plane that three z span: `a` at (0, 0), `b` at (1, 0), `c` at (0, 1). Three z on one line make a line
/// of it, which is no error.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    a: Vec<f32>,
    b: Vec<f32>,
    c: Vec<f32>,
}

impl Plane {
    /// # Panics
    /// When the lengths differ.
    pub fn through(a: &[f32], b: &[f32], c: &[f32]) -> Self {
        let one_length = a.len() == b.len() && a.len() == c.len();
        assert!(one_length, "a plane needs three z of one length");
        let [a, b, c] = [a, b, c].map(<[f32]>::to_vec);
        Self { a, b, c }
    }

    /// `(1 - s - t) a + s b + t c`; the three corners come back exactly.
    pub fn at(&self, s: f32, t: f32) -> Vec<f32> {
        let (s, t) = (f64::from(s), f64::from(t));
        let corners = self.a.iter().zip(&self.b).zip(&self.c);
        corners
            .map(|((&a, &b), &c)| {
                ((1.0 - s - t) * f64::from(a) + s * f64::from(b) + t * f64::from(c)) as f32
            })
            .collect()
    }

    /// The same moved to the norm that lies between those of the corners in the same shares, as
    /// [`slerp`](super::slerp) does along a line. The three corners come back exactly; where the plane meets
    /// the origin there is no direction, and it stays.
    pub fn on_shell(&self, s: f32, t: f32) -> Vec<f32> {
        let z = self.at(s, t);
        if [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)].contains(&(s, t)) {
            return z;
        }
        let (s, t) = (f64::from(s), f64::from(t));
        let radius = (1.0 - s - t) * norm(&self.a) + s * norm(&self.b) + t * norm(&self.c);
        to_shell(&z, radius.max(0.0))
    }
}
