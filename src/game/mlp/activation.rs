//! The activations of the hidden layers, with first and second derivative.

use serde::{Deserialize, Serialize};

use super::math::{Lanes, Scalar};

/// Activation of both hidden layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// `tanh u`.
    Tanh,
    /// `max(u, 0)`; derivative 0 at 0.
    Relu,
    /// `u` above 0, `u/5` below.
    LeakyRelu,
    /// `ln(1 + e^u)`.
    Softplus,
}

impl Activation {
    /// Reads pre-activations `u` from `value` and writes the activation there and its derivative into `slope`;
    /// both any number of lanes, the same.
    pub fn apply<T: Scalar>(self, value: &mut [Lanes<T>], slope: &mut [Lanes<T>]) {
        let (zero, one, leak) = (T::default(), T::of(1.0), T::of(0.2));
        match self {
            Self::Tanh => each(value, slope, |u| {
                let a = u.tanh();
                (a, one - a * a)
            }),
            Self::Relu => each(value, slope, |u| if u > zero { (u, one) } else { (zero, zero) }),
            Self::LeakyRelu => {
                each(value, slope, |u| if u > zero { (u, one) } else { (leak * u, leak) });
            }
            Self::Softplus => each(value, slope, T::softplus_sigmoid),
        }
    }

    /// Second derivative from value and derivative; 0 for the piecewise linear ones.
    #[inline(always)]
    pub fn curvature<T: Scalar>(self, value: T, slope: T) -> T {
        match self {
            Self::Tanh => -(value + value) * slope,
            Self::Softplus => slope * (T::of(1.0) - slope),
            Self::Relu | Self::LeakyRelu => T::default(),
        }
    }
}

#[inline(always)]
fn each<T: Scalar>(value: &mut [Lanes<T>], slope: &mut [Lanes<T>], f: impl Fn(T) -> (T, T)) {
    for (value, slope) in value.iter_mut().zip(slope) {
        for (v, s) in value.iter_mut().zip(slope) {
            (*v, *s) = f(*v);
        }
    }
}
