//! The distributions p_data in the plane: density, masses of cells, and samples, in data units.
//!
//! All but two are points or curves blurred by a normal distribution of one deviation in every direction. A density is
//! then a weighted sum of normals: exactly where it comes from points, and by Gauss-Legendre quadrature along a curve,
//! whose nodes lie so much closer than the deviation that the error is below 1e-9 of the density.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::num::angle::turn;
use crate::num::normal;
use crate::num::rng::Rng;
use crate::theory::plane::{Law, Window, of_curve};

/// The shapes a visitor can choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaneKind {
    /// Eight normals of equal mass, equally spaced on the circle of radius 2.
    Ring,
    /// Twenty-five normals of equal mass on a square grid of spacing 1.25.
    Grid,
    /// Two half circles of radius 1.6, each around an end of the other, blurred.
    Moons,
    /// A spiral of one and three quarter turns from radius 0.4 to 3, blurred.
    Spiral,
    /// The circle of radius 2, blurred.
    Circle,
    /// The segment from (-2, -1) to (2, 1), not blurred: p_data has no density.
    Segment,
    /// Two normals of equal mass at (-1.5, -0.5) and (1.5, 0.5).
    TwoGaussians,
    /// Uniform on [-2, 2]^2, not blurred.
    Square,
    /// Drawn points, blurred.
    Drawn,
}

/// Drawn points at most.
pub const POINTS: usize = 256;
/// No drawn point lies farther from 0 than this on either axis.
pub const POINTS_EDGE: f64 = 3.5;

/// Why a list of numbers is no drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PointsError {
    /// None, too many, or an x without its y.
    #[error("points must hold x and y of 1 to 256 points, not {0} numbers")]
    Length(usize),
    /// One of them is no coordinate.
    #[error("points[{0}] must be a number in -3.5..=3.5")]
    Coordinate(usize),
}

/// Half the side of the window that every target is seen in, unless it needs a larger one.
const HALF: f64 = 4.0;
/// Deviations between a blurred point and the edge of the window: beyond them lie less than 1e-7 of the mass.
const MARGIN: f64 = 5.5;
/// A mode's own mass is what lies within so many deviations of its centre: 0.989 of it.
const MODE: f64 = 3.0;

const RADIUS: f64 = 2.0;
const SPACING: f64 = 1.25;
const MOON: f64 = 1.6;
const SPIRAL: (f64, f64, f64) = (0.4, 3.0, 1.75);
const ENDS: [[f64; 2]; 2] = [[-2.0, -1.0], [2.0, 1.0]];
const SQUARE: f64 = 2.0;

/// A distribution in the plane.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaneTarget {
    kind: PlaneKind,
    deviation: f64,
    /// x and y of each drawn point in turn; empty otherwise.
    points: Vec<f64>,
}

/// A mode and the cells around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Mode {
    /// Its centre.
    pub centre: [f64; 2],
    /// Cells within three deviations, each with its part that is.
    cells: Vec<(usize, f64)>,
}

impl Mode {
    /// Mass of a law within three deviations.
    #[must_use]
    pub fn mass(&self, law: &Law) -> f64 {
        self.cells.iter().map(|&(cell, part)| part * law.of_cell(cell)).sum()
    }
}

impl PlaneTarget {
    /// `deviation` is that of the blur; `points` are read only for [`PlaneKind::Drawn`].
    ///
    /// # Errors
    /// When the points are not x and y of 1 to 256 points within 3.5 of 0 on either axis.
    pub fn new(kind: PlaneKind, deviation: f64, points: &[f64]) -> Result<Self, PointsError> {
        let mut kept = Vec::new();
        if kind == PlaneKind::Drawn {
            if points.is_empty() || points.len() % 2 == 1 || points.len() > 2 * POINTS {
                return Err(PointsError::Length(points.len()));
            }
            let inside = |x: &f64| x.abs() <= POINTS_EDGE;
            if let Some(i) = points.iter().position(|x| !inside(x)) {
                return Err(PointsError::Coordinate(i));
            }
            kept.extend_from_slice(points);
        }
        Ok(Self { kind, deviation, points: kept })
    }

    /// The window to look at it in.
    #[must_use]
    pub fn window(&self, cells: usize) -> Window {
        let farthest = |nodes: Vec<[f64; 3]>| {
            nodes.iter().flat_map(|n| [n[0].abs(), n[1].abs()]).fold(0.0, f64::max)
        };
        Window { half: HALF.max(farthest(self.nodes()) + MARGIN * self.deviation), cells }
    }

    /// Density at `x`, per squared data unit; 0 where p_data has none.
    #[must_use]
    pub fn pdf(&self, x: [f64; 2]) -> f64 {
        if self.kind == PlaneKind::Square {
            let inside = x.iter().all(|x| x.abs() <= SQUARE);
            return if inside { 0.25 / (SQUARE * SQUARE) } else { 0.0 };
        }
        let s = self.deviation;
        let of =
            |n: &[f64; 3]| n[2] * normal::pdf((x[0] - n[0]) / s) * normal::pdf((x[1] - n[1]) / s);
        self.nodes().iter().map(of).sum::<f64>() / (s * s)
    }

    /// Masses of the cells of a window.
    #[must_use]
    pub fn law(&self, window: Window) -> Law {
        if self.kind == PlaneKind::Segment {
            return of_curve(window, &[1.0], &ENDS);
        }
        let edges = window.edges();
        let mut cells = vec![0.0; window.count()];
        let mut add = |weight: f64, x: Vec<f64>, y: &[f64]| {
            for (row, &y) in cells.chunks_exact_mut(window.cells).zip(y) {
                if y > 0.0 {
                    for (cell, &x) in row.iter_mut().zip(&x) {
                        *cell += weight * y * x;
                    }
                }
            }
        };
        let parts = |part: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
            edges.windows(2).map(|e| part(e[0], e[1])).collect()
        };
        if self.kind == PlaneKind::Square {
            let part = |a: f64, b: f64| 0.5 / SQUARE * (b.min(SQUARE) - a.max(-SQUARE)).max(0.0);
            let x = parts(&part);
            add(1.0, x.clone(), &x);
        } else {
            for [x, y, weight] in self.nodes() {
                let around = |centre: f64| {
                    let z = |edge: f64| (edge - centre) / self.deviation;
                    parts(&|a, b| normal::interval(z(a), z(b)))
                };
                add(weight, around(x), &around(y));
            }
        }
        let inside: f64 = cells.iter().sum();
        Law { outside: (1.0 - inside).max(0.0), cells, ..Law::default() }
    }

    /// The density at the points of a lattice of `steps` x `steps` over the window, row by row; empty for what is not
    /// blurred, whose density jumps.
    #[must_use]
    pub fn lattice(&self, window: Window, steps: usize) -> Vec<f64> {
        let nodes = self.nodes();
        if nodes.is_empty() {
            return Vec::new();
        }
        let at = Window { half: window.half, cells: steps }.edges();
        let mut values = vec![0.0; at.len() * at.len()];
        let s = self.deviation;
        for [x, y, weight] in nodes {
            let around = |centre: f64| -> Vec<f64> {
                at.iter().map(|at| normal::pdf((at - centre) / s)).collect()
            };
            let (across, up) = (around(x), around(y));
            for (row, up) in values.chunks_exact_mut(at.len()).zip(up) {
                let scale = weight * up / (s * s);
                if scale > 0.0 {
                    for (value, across) in row.iter_mut().zip(&across) {
                        *value += scale * across;
                    }
                }
            }
        }
        values
    }

    /// The centres of its modes, each with the cells of a window that lie within three deviations; none for shapes
    /// that have no modes, and for drawings of more than 25 points.
    #[must_use]
    pub fn modes(&self, window: Window) -> Vec<Mode> {
        let nodes = match self.kind {
            PlaneKind::Ring | PlaneKind::Grid | PlaneKind::TwoGaussians => self.nodes(),
            PlaneKind::Drawn if self.points.len() <= 50 => self.nodes(),
            _ => Vec::new(),
        };
        nodes.iter().map(|n| mode(window, [n[0], n[1]], MODE * self.deviation)).collect()
    }

    /// One draw.
    pub fn sample(&self, rng: &mut Rng) -> [f64; 2] {
        let pick = |rng: &mut Rng, n: usize| rng.below(n as u32) as usize;
        let [x, y] = match self.kind {
            PlaneKind::Ring => ring(pick(rng, 8)),
            PlaneKind::Grid => grid(pick(rng, 25)),
            PlaneKind::TwoGaussians => two(pick(rng, 2)),
            PlaneKind::Drawn => {
                let i = 2 * pick(rng, self.points.len() / 2);
                [self.points[i], self.points[i + 1]]
            }
            PlaneKind::Square => {
                return [0; 2].map(|_| SQUARE * (2.0 * rng.uniform() - 1.0));
            }
            PlaneKind::Segment => {
                let t = rng.uniform();
                return [0, 1].map(|i| ENDS[0][i] + t * (ENDS[1][i] - ENDS[0][i]));
            }
            PlaneKind::Moons => moons(rng.uniform()),
            PlaneKind::Spiral => spiral(rng.uniform()),
            PlaneKind::Circle => circle(rng.uniform()),
        };
        [x + self.deviation * rng.normal(), y + self.deviation * rng.normal()]
    }

    /// x, y and weight of the normals that it is a sum of; none for what is not blurred.
    fn nodes(&self) -> Vec<[f64; 3]> {
        let equal = |count: usize, of: &dyn Fn(usize) -> [f64; 2]| -> Vec<[f64; 3]> {
            (0..count).map(of).map(|[x, y]| [x, y, 1.0 / count as f64]).collect()
        };
        match self.kind {
            PlaneKind::Ring => equal(8, &ring),
            PlaneKind::Grid => equal(25, &grid),
            PlaneKind::TwoGaussians => equal(2, &two),
            PlaneKind::Drawn => {
                equal(self.points.len() / 2, &|i| [self.points[2 * i], self.points[2 * i + 1]])
            }
            PlaneKind::Moons => along(&moons),
            PlaneKind::Spiral => along(&spiral),
            PlaneKind::Circle => along(&circle),
            PlaneKind::Segment | PlaneKind::Square => Vec::new(),
        }
    }
}

fn ring(i: usize) -> [f64; 2] {
    circle(i as f64 / 8.0)
}

fn grid(i: usize) -> [f64; 2] {
    [i % 5, i / 5].map(|i| SPACING * (i as f64 - 2.0))
}

fn two(i: usize) -> [f64; 2] {
    [[-1.5, -0.5], [1.5, 0.5]][i]
}

fn circle(t: f64) -> [f64; 2] {
    let (cos, sin) = turn(t);
    [RADIUS * cos, RADIUS * sin]
}

/// The upper moon for `t` below one half, then the lower one.
fn moons(t: f64) -> [f64; 2] {
    let (cos, sin) = if t < 0.5 { turn(t) } else { turn(t - 0.5) };
    let [x, y] = if t < 0.5 { [cos - 0.5, sin - 0.25] } else { [0.5 - cos, 0.25 - sin] };
    [MOON * x, MOON * y]
}

/// Archimedes' spiral, with a speed that is nearly even.
fn spiral(t: f64) -> [f64; 2] {
    let (inner, outer, turns) = SPIRAL;
    let radius = (inner * inner + t * (outer * outer - inner * inner)).sqrt();
    let (cos, sin) = turn(turns * (radius - inner) / (outer - inner));
    [radius * cos, radius * sin]
}

/// Panels along a curve, an even number so that the moons come apart between two; eight nodes each.
const PANELS: usize = 32;
/// Gauss-Legendre with eight nodes on [-1, 1]: those above 0, and weights.
const GAUSS: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_3),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
];

fn along(curve: &dyn Fn(f64) -> [f64; 2]) -> Vec<[f64; 3]> {
    let step = 1.0 / PANELS as f64;
    let panel = |i: usize| {
        let middle = (i as f64 + 0.5) * step;
        GAUSS.iter().flat_map(move |&(node, weight)| {
            [-node, node].map(|node| {
                let [x, y] = curve(middle + 0.5 * step * node);
                [x, y, 0.5 * step * weight]
            })
        })
    };
    (0..PANELS).flat_map(panel).collect()
}

/// Points along either axis that the part of a cell within a circle is judged at.
const JUDGED: usize = 8;

fn mode(window: Window, centre: [f64; 2], radius: f64) -> Mode {
    let width = window.width();
    let part = |cell: usize| {
        let at = window.centre(cell);
        let within = (0..JUDGED * JUDGED).filter(|i| {
            let off = |i: usize| width * ((i as f64 + 0.5) / JUDGED as f64 - 0.5);
            let x = at[0] + off(i % JUDGED) - centre[0];
            let y = at[1] + off(i / JUDGED) - centre[1];
            x * x + y * y <= radius * radius
        });
        within.count() as f64 / (JUDGED * JUDGED) as f64
    };
    let near = |cell: &usize| {
        let at = window.centre(*cell);
        (0..2).all(|axis| (at[axis] - centre[axis]).abs() <= radius + width)
    };
    let cells = (0..window.count()).filter(near).map(|cell| (cell, part(cell)));
    Mode { centre, cells: cells.filter(|c| c.1 > 0.0).collect() }
}
