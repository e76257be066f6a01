//! A network with its gradient and its optimiser.

use super::mlp::{Mlp, Tape};
use super::optimiser::Optimiser;
use super::settings::{GameSettings, NetSettings};
use crate::num::rng::Rng;

/// Streams of the seed.
const STREAM_D: u64 = 0;
const STREAM_G: u64 = 1;

/// D or G.
#[derive(Clone, Debug)]
pub(super) struct Player {
    pub net: Mlp<f32>,
    /// Of the last step, laid out as `net.parameters`.
    pub gradient: Vec<f32>,
    pub optimiser: Optimiser,
}

impl Player {
    pub(super) fn new(net: Mlp<f32>) -> Self {
        let n = net.parameters.len();
        Self { net, gradient: vec![0.0; n], optimiser: Optimiser::new(n) }
    }

    /// One step against the gradient.
    pub(super) fn descend(&mut self, settings: &NetSettings, factor: f64) {
        self.optimiser.step(settings, factor, &mut self.net.parameters, &self.gradient);
    }

    /// New settings of the same width.
    pub(super) fn configure(&mut self, old: &NetSettings, new: &NetSettings) {
        self.net.activation = new.activation;
        if old.optimiser != new.optimiser {
            self.optimiser = Optimiser::new(self.net.parameters.len());
        }
    }
}

/// What weights and biases of D's first layer in the plane are multiplied by. By PyTorch's rule all units bend within
/// one data unit of 0, and over more than one; modes lie at 2 and are narrower. So they bend all over the window, and as
/// sharply as p_data does.
const BENDS: (f32, f32) = (3.0, 10.0);

/// D as it starts.
pub(super) fn discriminator(settings: &GameSettings) -> Mlp<f32> {
    let mut rng = Rng::stream(settings.seed, STREAM_D);
    let mut net = Mlp::new(settings.shape_of_d(), settings.d.activation, &mut rng);
    if settings.plane.is_some() {
        let (steeper, wider) = BENDS;
        let (weights, biases) = net.first_mut();
        weights.iter_mut().for_each(|w| *w *= steeper);
        biases.iter_mut().for_each(|b| *b *= wider);
    }
    net
}

/// Points of the prior, quantiles at equal steps of mass, that a starting G is judged at.
const POINTS: usize = 64;

/// Standard deviation of p_g at the start.
const START: f64 = 1.0;

/// G as it starts: with mean 0 and standard deviation 1 under the prior, so that every seed starts from the same place;
/// on the line increasing, and so without a fold, in the plane the least folded of some draws. A G that is constant
/// only gets the mean.
pub(super) fn generator(settings: &GameSettings) -> Mlp<f32> {
    let mut rng = Rng::stream(settings.seed, STREAM_G);
    let mut net: Mlp<f32> = Mlp::new(settings.shape_of_g(), settings.g.activation, &mut rng);
    if settings.plane.is_some() {
        let mut folded = spread(&mut net, settings);
        for _ in 1..DRAWS {
            let mut other = Mlp::new(net.shape, net.activation, &mut rng);
            let of_other = spread(&mut other, settings);
            if of_other < folded {
                (net, folded) = (other, of_other);
            }
        }
        return net;
    }
    net.make_increasing();
    let mut tape = Tape::new(POINTS, net.shape);
    for (i, z) in tape.inputs().iter_mut().enumerate() {
        *z = settings.prior.quantile((i as f64 + 0.5) / POINTS as f64) as f32;
    }
    net.forward(&mut tape);
    let x: Vec<f64> = tape.outputs().iter().map(|&x| f64::from(x)).collect();
    let mean = x.iter().sum::<f64>() / POINTS as f64;
    let variance = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / POINTS as f64;
    let scale = if variance > 1e-8 { START / variance.sqrt() } else { 1.0 };
    net.rescale(&[scale as f32], &[(-mean * scale) as f32]);
    net
}

/// Points of the prior along either axis of z.
const SIDE: usize = 32;

/// Networks that the G in the plane is chosen from. One alone folds a fifth of the plane of z over in the median, the
/// best of so many next to nothing.
const DRAWS: usize = 16;

/// Gives G in the plane mean 0 and, with two dimensions of z, covariance 1 in every direction, as a rotation has; with
/// one dimension of z its image is close to a line, whose variance becomes 2. Gives the part of the cells of z that are
/// mapped the other way round than most, 0 with one dimension.
fn spread(net: &mut Mlp<f32>, settings: &GameSettings) -> f64 {
    let at = |i: usize| settings.prior.quantile((i as f64 + 0.5) / SIDE as f64) as f32;
    let count = SIDE.pow(settings.latent as u32);
    let mut tape = Tape::new(count, net.shape);
    if settings.latent == 1 {
        for (i, z) in tape.inputs().iter_mut().enumerate() {
            *z = at(i);
        }
    } else {
        let mut i = 0..count;
        tape.fill_pairs(|| i.next().map_or([0.0; 2], |i| [at(i % SIDE), at(i / SIDE)]));
    }
    net.forward(&mut tape);
    let rows = tape.rows(&tape.y);
    let mean_of = |f: &dyn Fn(f64, f64) -> f64| {
        let each = rows.chunks_exact(2).map(|x| f(x[0].into(), x[1].into()));
        each.sum::<f64>() / count as f64
    };
    let mean = [mean_of(&|x, _| x), mean_of(&|_, y| y)];
    let xx = mean_of(&|x, _| (x - mean[0]) * (x - mean[0]));
    let xy = mean_of(&|x, y| (x - mean[0]) * (y - mean[1]));
    let yy = mean_of(&|_, y| (y - mean[1]) * (y - mean[1]));
    // The covariance is L L^T with L lower triangular; its inverse makes it 1.
    let left = yy - xy * xy / xx;
    let matrix = if settings.latent == 2 && xx > 1e-8 && left > 1e-8 {
        let (a, d) = (START / xx.sqrt(), START / left.sqrt());
        [a, 0.0, -d * xy / xx, d]
    } else {
        let variance = 0.5 * (xx + yy);
        let scale = if variance > 1e-8 { START / variance.sqrt() } else { 1.0 };
        [scale, 0.0, 0.0, scale]
    };
    let shift = [0, 1].map(|i| -(matrix[2 * i] * mean[0] + matrix[2 * i + 1] * mean[1]));
    net.rescale(&matrix.map(|m| m as f32), &shift.map(|s| s as f32));
    if settings.latent == 1 {
        return 0.0;
    }
    let turns_left = |cell: &usize| {
        let at = cell / (SIDE - 1) * SIDE + cell % (SIDE - 1);
        let x = |i: usize, axis: usize| rows[2 * i + axis] - rows[2 * at + axis];
        x(at + 1, 0) * x(at + SIDE, 1) > x(at + 1, 1) * x(at + SIDE, 0)
    };
    let cells = (SIDE - 1) * (SIDE - 1);
    let left = (0..cells).filter(turns_left).count();
    left.min(cells - left) as f64 / cells as f64
}
