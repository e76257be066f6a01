//! The settings of a game, under the names they have on the page, and their ranges.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::data::Data;
use super::mlp::{Activation, Shape};
use super::plane::target::{PlaneKind, PlaneTarget, PointsError};
use super::prior::Prior;
use super::target::{DrawnError, Target, TargetKind};

/// What the networks minimise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GameLoss {
    /// D: -log D(x) - log(1 - D(G(z))). G: log(1 - D(G(z))), as in the paper's equation 1.
    Minimax,
    /// The same D; G: -log D(G(z)), the paper's advice for the start of training.
    NonSaturating,
    /// (D(x) - 1)^2/2 + D(G(z))^2/2 and (D(G(z)) - 1)^2/2 (Mao et al. 2017), here on the same D in (0, 1), so
    /// that D keeps its meaning when the loss is switched.
    LeastSquares,
}

/// How parameters follow gradients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OptimiserKind {
    /// p -= rate g.
    Sgd,
    /// v = beta1 v + g; p -= rate v.
    Momentum,
    /// Adam (Kingma and Ba 2015) with beta2 = 0.999 and epsilon = 1e-8.
    Adam,
}

/// One network and how it learns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NetSettings {
    /// Width of each hidden layer, 1..=64.
    pub width: usize,
    /// Hidden layers, 1..=3.
    #[serde(default = "two")]
    pub layers: usize,
    /// Of all hidden layers.
    pub activation: Activation,
    /// Which rule.
    pub optimiser: OptimiserKind,
    /// Learning rate, above 0 and at most 10.
    pub rate: f64,
    /// Momentum, or Adam's beta1, in [0, 1).
    pub beta1: f64,
}

/// Everything that decides how a game runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GameSettings {
    /// Shape of p_data on the line.
    pub target: TargetKind,
    /// Shape of p_data in the plane, where the game then is, whatever `target` says; none: on the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plane: Option<PlaneKind>,
    /// For a drawing in the plane: x and y of 1 to 256 points in turn, within 3.5 of 0; otherwise empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<f64>,
    /// Dimension of z in the plane, 1 or 2. On the line it is 1.
    #[serde(default = "two", skip_serializing_if = "is_two")]
    pub latent: usize,
    /// For a drawn target: 64 non-negative heights over [-4, 4]; otherwise empty.
    pub drawn: Vec<f64>,
    /// Mean of p_data on the line, -6..=6.
    pub mean: f64,
    /// Standard deviation of p_data, of each mode where it has several, 0.1..=2; in the plane that of the blur,
    /// 0.1..=0.5.
    pub deviation: f64,
    /// p_z.
    pub prior: Prior,
    /// Steps of D per iteration, 0..=20.
    pub k_d: u32,
    /// Steps of G per iteration, 0..=20.
    pub k_g: u32,
    /// What both minimise.
    pub loss: GameLoss,
    /// The discriminator.
    pub d: NetSettings,
    /// The generator.
    pub g: NetSettings,
    /// Real samples, and noise samples, per step, 1..=512.
    pub batch: usize,
    /// gamma of R1 (Mescheder et al. 2018), (gamma/2) E|dD/dx|^2 of the logit on real samples, 0..=100.
    pub r1: f64,
    /// Decay of the moving average of G, in [0, 1); 0 is off.
    pub ema: f64,
    /// Iteration at which both rates begin to fall linearly.
    pub decay_from: u32,
    /// Iteration at which they are 0; 0 and 0: constant rates.
    pub decay_to: u32,
    /// Of all random numbers, at most 2^53 - 1.
    pub seed: u64,
}

/// A setting outside its range.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum SettingsError {
    /// A number that is too small, too large or none.
    #[error("{field} is {value}, but must be {range}")]
    Range {
        /// The field's name on the page, as in `d.rate`.
        field: &'static str,
        /// What was given.
        value: f64,
        /// What is allowed.
        range: &'static str,
    },
    /// A drawn target that is no density.
    #[error(transparent)]
    Drawn(#[from] DrawnError),
    /// Drawn points that are none.
    #[error(transparent)]
    Points(#[from] PointsError),
}

fn check(
    field: &'static str,
    value: f64,
    holds: bool,
    range: &'static str,
) -> Result<(), SettingsError> {
    if holds { Ok(()) } else { Err(SettingsError::Range { field, value, range }) }
}

impl NetSettings {
    /// `names` are those of width, rate, beta1 and layers.
    fn validate(&self, names: [&'static str; 4]) -> Result<(), SettingsError> {
        let width = self.width as f64;
        check(names[3], self.layers as f64, (1..=3).contains(&self.layers), "in 1..=3")?;
        check(names[0], width, (1..=64).contains(&self.width), "in 1..=64")?;
        check(names[1], self.rate, self.rate > 0.0 && self.rate <= 10.0, "above 0 and at most 10")?;
        check(names[2], self.beta1, (0.0..1.0).contains(&self.beta1), "at least 0 and below 1")
    }
}

impl GameSettings {
    /// # Errors
    /// Names the first field that is out of its range, and the range.
    pub fn validate(&self) -> Result<(), SettingsError> {
        check("mean", self.mean, (-6.0..=6.0).contains(&self.mean), "in -6..=6")?;
        if self.plane.is_some() {
            let blur = (0.1..=0.5).contains(&self.deviation);
            check("deviation", self.deviation, blur, "in 0.1..=0.5")?;
            check("latent", self.latent as f64, (1..=2).contains(&self.latent), "1 or 2")?;
        } else {
            let wide = (0.1..=2.0).contains(&self.deviation);
            check("deviation", self.deviation, wide, "in 0.1..=2")?;
        }
        check("kD", self.k_d.into(), self.k_d <= 20, "in 0..=20")?;
        check("kG", self.k_g.into(), self.k_g <= 20, "in 0..=20")?;
        self.d.validate(["d.width", "d.rate", "d.beta1", "d.layers"])?;
        self.g.validate(["g.width", "g.rate", "g.beta1", "g.layers"])?;
        check("batch", self.batch as f64, (1..=512).contains(&self.batch), "in 1..=512")?;
        check("r1", self.r1, (0.0..=100.0).contains(&self.r1), "in 0..=100")?;
        check("ema", self.ema, (0.0..1.0).contains(&self.ema), "at least 0 and below 1")?;
        let falls = self.decay_from < self.decay_to || (self.decay_from == 0 && self.decay_to == 0);
        check("decayTo", self.decay_to.into(), falls, "above decayFrom, or both 0")?;
        check("seed", self.seed as f64, self.seed < 1 << 53, "in 0..=9007199254740991")?;
        self.data().map(|_| ())
    }

    /// p_data.
    pub(super) fn data(&self) -> Result<Data, SettingsError> {
        Ok(match self.plane {
            Some(kind) => Data::Plane(PlaneTarget::new(kind, self.deviation, &self.points)?),
            None => {
                let drawn = &self.drawn;
                Data::Line(Target::new(self.target, self.mean, self.deviation, drawn)?)
            }
        })
    }

    /// Dimension of x, 1 or 2.
    #[must_use]
    pub fn dimension(&self) -> usize {
        1 + usize::from(self.plane.is_some())
    }

    /// Of D.
    #[must_use]
    pub fn shape_of_d(&self) -> Shape {
        let NetSettings { width, layers, .. } = self.d;
        Shape { inputs: self.dimension(), width, layers, outputs: 1 }
    }

    /// Of G.
    #[must_use]
    pub fn shape_of_g(&self) -> Shape {
        let NetSettings { width, layers, .. } = self.g;
        let inputs = if self.plane.is_some() { self.latent } else { 1 };
        Shape { inputs, width, layers, outputs: self.dimension() }
    }

    /// What both rates are multiplied by at an iteration, in [0, 1].
    #[must_use]
    pub fn rate_factor(&self, iteration: u64) -> f64 {
        if self.decay_to == 0 {
            return 1.0;
        }
        let (from, to) = (f64::from(self.decay_from), f64::from(self.decay_to));
        ((to - iteration as f64) / (to - from)).clamp(0.0, 1.0)
    }
}

/// Hidden layers, and dimension of z, of settings that do not say.
fn two() -> usize {
    2
}

/// What need not be said.
fn is_two(count: &usize) -> bool {
    *count == 2
}

impl Default for GameSettings {
    /// The game that converges; the reasons are in `presets`.
    fn default() -> Self {
        Self {
            target: TargetKind::Gaussian,
            plane: None,
            points: Vec::new(),
            latent: 2,
            drawn: Vec::new(),
            mean: 1.0,
            deviation: 0.6,
            prior: Prior::Gaussian,
            k_d: 1,
            k_g: 1,
            loss: GameLoss::NonSaturating,
            d: NetSettings {
                width: 16,
                layers: 2,
                activation: Activation::Tanh,
                optimiser: OptimiserKind::Adam,
                rate: 1e-2,
                beta1: 0.0,
            },
            g: NetSettings {
                width: 16,
                layers: 2,
                activation: Activation::Softplus,
                optimiser: OptimiserKind::Adam,
                rate: 5e-4,
                beta1: 0.0,
            },
            batch: 128,
            r1: 0.03,
            ema: 0.99,
            decay_from: 2_000,
            decay_to: 4_000,
            seed: 1,
        }
    }
}
