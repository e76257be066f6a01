//! p_g exactly in two dimensions: the law of x = G(z) on the cells of a square, without drawing a sample.
//!
//! G is tabulated at the nodes of a mesh of z and taken as linear on its triangles. The prior mass of a triangle is
//! spread evenly over its image, and every cell of x gets its part by the exact area of overlap; images that lie on
//! each other add up. A cell of z whose image has no area keeps its mass as a *singular* part, which Lebesgue's
//! decomposition keeps apart from the density: no refinement of the cells would ever show it as one. Where only one of
//! its two triangles has none, G folds or runs together at a point there, and the other takes its mass.
//!
//! Areas are not found triangle by triangle. The area of a polygon within a cell is a sum over the polygon's edges
//! (Green's theorem): each edge adds, with its sign, the part of the cell that lies to its right. So the masses are
//! gathered as changes from cell to cell, edge by edge, an edge between two triangles only once with the difference of
//! their densities, and one sum along each row of cells at the end makes masses of them.
//!
//! # Accuracy
//!
//! Overlaps are exact to rounding (1e-12 of the whole mass). What remains is G being linear on a triangle and the
//! density being even there: of the second order in the step of z where G is smooth and does not fold. A fold has the
//! density grow as the inverse root of the distance from it, which both meshes smooth; there it is the order 3/2.

/// A square `[-half, half]^2` in data units, cut into `cells` x `cells` square cells; row by row from the lowest y, in
/// each row from the lowest x.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Half its side; above 0.
    pub half: f64,
    /// Cells along a side; at least 1.
    pub cells: usize,
}

impl Window {
    /// Side of a cell, in data units.
    #[must_use]
    pub fn width(self) -> f64 {
        2.0 * self.half / self.cells as f64
    }

    /// Number of cells.
    #[must_use]
    pub fn count(self) -> usize {
        self.cells * self.cells
    }

    /// Edges along either axis, ascending; `cells + 1`.
    #[must_use]
    pub fn edges(self) -> Vec<f64> {
        super::Grid { lo: -self.half, hi: self.half, cells: self.cells }.edges()
    }

    /// Middle of a cell.
    #[must_use]
    pub fn centre(self, cell: usize) -> [f64; 2] {
        let at = |i: usize| (i as f64 + 0.5) * self.width() - self.half;
        [at(cell % self.cells), at(cell / self.cells)]
    }

    /// A point in units of cells from the lower left corner.
    fn scaled(self, p: [f64; 2]) -> [f64; 2] {
        p.map(|x| (x + self.half) / self.width())
    }

    fn holds(self, p: [f64; 2]) -> bool {
        p.iter().all(|x| x.abs() <= self.half)
    }
}

/// A distribution in the plane on the cells of a [`Window`]; all parts together are 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Law {
    /// Of each cell, what has a density; >= 0.
    pub cells: Vec<f64>,
    /// Of each cell, what has none, because it lies on a curve or a point; empty when there is no such mass.
    pub singular: Vec<f64>,
    /// Mass outside the window, with a density or without.
    pub outside: f64,
    /// Prior mass of triangles where G is NaN or infinite, which is nowhere in the plane.
    pub undefined: f64,
}

impl Law {
    /// The mass that has no density, within the window.
    #[must_use]
    pub fn without_density(&self) -> f64 {
        self.singular.iter().sum()
    }

    /// Everything.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.cells.iter().sum::<f64>() + self.without_density() + self.outside + self.undefined
    }

    /// Mass of a cell, with a density or without.
    #[must_use]
    pub fn of_cell(&self, cell: usize) -> f64 {
        self.cells[cell] + self.singular.get(cell).copied().unwrap_or(0.0)
    }
}

/// A triangle lower than this, in data units, has no area: G is computed in f32, and rounds to about as much.
const FLAT: f64 = 4e-6;

/// Cell masses below this are rounding.
const NOTHING: f64 = 1e-12;

/// The image of a triangle.
#[derive(Clone, Copy, Debug)]
pub(super) enum Image {
    /// Twice its area, with the sign of its orientation.
    Area(f64),
    /// Its longest side, since it has no area.
    Flat([[f64; 2]; 2]),
    /// Nowhere.
    Undefined,
}

/// Corners in data units.
pub(super) fn image([a, b, c]: [[f64; 2]; 3]) -> Image {
    let side = |p: [f64; 2], q: [f64; 2]| [q[0] - p[0], q[1] - p[1]];
    let (u, v, w) = (side(a, b), side(a, c), side(b, c));
    let twice = u[0] * v[1] - u[1] * v[0];
    let square = |s: [f64; 2]| s[0] * s[0] + s[1] * s[1];
    let (uu, vv, ww) = (square(u), square(v), square(w));
    let longest = uu.max(vv).max(ww);
    if !(twice.is_finite() && longest.is_finite()) {
        Image::Undefined
    } else if twice * twice > FLAT * FLAT * longest {
        Image::Area(twice)
    } else if uu == longest {
        Image::Flat([a, b])
    } else if vv == longest {
        Image::Flat([a, c])
    } else {
        Image::Flat([b, c])
    }
}

/// The law of G(z) for z on a mesh of `side` x `side` cells. `images` holds G at the `(side + 1)^2` nodes, row by row;
/// `masses` the prior's of the two triangles of each cell: below and above the diagonal from its first node to the one
/// opposite.
#[must_use]
pub fn of_mesh(window: Window, side: usize, masses: &[[f64; 2]], images: &[[f64; 2]]) -> Law {
    let at: Vec<[f64; 2]> = images.iter().map(|&p| window.scaled(p)).collect();
    let nodes = side + 1;
    let mut law = Gathered::new(window);
    // Of each triangle its density per cell, with the sign of its orientation.
    let mut density = vec![[0.0; 2]; side * side];
    for (cell, (density, masses)) in density.iter_mut().zip(masses).enumerate() {
        let first = cell / side * nodes + cell % side;
        let [a, b, c, d] = [first, first + 1, first + nodes + 1, first + nodes].map(|i| images[i]);
        *density = law.cell(*masses, [[a, b, c], [a, c, d]]);
    }
    for j in 0..nodes {
        for i in 0..nodes {
            let here = at[j * nodes + i];
            let of = |i: usize, j: usize| density[j * side + i];
            let (in_x, in_y) = (i < side, j < side);
            if in_x {
                let above = if in_y { of(i, j)[0] } else { 0.0 };
                let below = if j > 0 { of(i, j - 1)[1] } else { 0.0 };
                law.edge(here, at[j * nodes + i + 1], above - below);
            }
            if in_y {
                let left = if i > 0 { of(i - 1, j)[0] } else { 0.0 };
                let right = if in_x { of(i, j)[1] } else { 0.0 };
                law.edge(here, at[(j + 1) * nodes + i], left - right);
            }
            if in_x && in_y {
                let [below, above] = of(i, j);
                law.edge(here, at[(j + 1) * nodes + i + 1], above - below);
            }
        }
    }
    law.finish()
}

/// The law on a curve through `images`, with `masses` between them (`images.len() == masses.len() + 1`): all of it
/// singular, spread evenly along each piece.
#[must_use]
pub fn of_curve(window: Window, masses: &[f64], images: &[[f64; 2]]) -> Law {
    let mut law = Gathered::new(window);
    for (&mass, ends) in masses.iter().zip(images.windows(2)) {
        law.along(mass, window.scaled(ends[0]), window.scaled(ends[1]));
    }
    law.finish()
}

/// Whether a node of z is mapped to a point outside the window.
#[must_use]
pub fn leaves(window: Window, image: [f64; 2]) -> bool {
    image.iter().all(|x| x.is_finite()) && !window.holds(image)
}

/// Masses being gathered; lengths in cells.
struct Gathered {
    window: Window,
    /// Changes of the mass from cell to cell along each row, with one column more for what ends at the last edge.
    changes: Vec<f64>,
    singular: Vec<f64>,
    /// Prior mass that the changes account for, inside the window or not.
    spread: f64,
    outside: f64,
    undefined: f64,
}

impl Gathered {
    fn new(window: Window) -> Self {
        Self {
            window,
            changes: vec![0.0; window.cells * (window.cells + 1)],
            singular: Vec::new(),
            spread: 0.0,
            outside: 0.0,
            undefined: 0.0,
        }
    }

    /// The signed densities of the two triangles of a cell of z, whose edges are to follow; 0 where one has none.
    fn cell(&mut self, masses: [f64; 2], triangles: [[[f64; 2]; 3]; 2]) -> [f64; 2] {
        let images = triangles.map(image);
        // The mass of a triangle that has no area beside one that has.
        let mut more = 0.0;
        if let [Image::Area(_), Image::Flat(_)] = images {
            more = masses[1];
        } else if let [Image::Flat(_), Image::Area(_)] = images {
            more = masses[0];
        }
        let mut densities = [0.0; 2];
        for ((density, mass), image) in densities.iter_mut().zip(masses).zip(images) {
            match image {
                Image::Area(twice) => {
                    self.spread += mass + more;
                    let cell = self.window.width() * self.window.width();
                    *density = 2.0 * cell * (mass + more) / twice;
                }
                Image::Flat([p, q]) if more == 0.0 => {
                    let [p, q] = [p, q].map(|p| self.window.scaled(p));
                    self.along(mass, p, q);
                }
                Image::Flat(_) => {}
                Image::Undefined => self.undefined += mass,
            }
        }
        densities
    }

    /// Adds a mass without density, spread evenly from `p` to `q`.
    fn along(&mut self, mass: f64, p: [f64; 2], q: [f64; 2]) {
        if !p.iter().chain(&q).all(|x| x.is_finite()) {
            self.undefined += mass;
            return;
        }
        let n = self.window.cells;
        if self.singular.is_empty() {
            self.singular = vec![0.0; n * n];
        }
        // The part 0..=1 of the way that is within the window, then from one edge of a cell to the next.
        let way = [q[0] - p[0], q[1] - p[1]];
        let (mut from, mut to) = (0.0_f64, 1.0_f64);
        for axis in 0..2 {
            let (lo, hi) = (-p[axis], n as f64 - p[axis]);
            if way[axis] == 0.0 {
                if lo > 0.0 || hi < 0.0 {
                    to = -1.0;
                }
            } else {
                let (a, b) = (lo / way[axis], hi / way[axis]);
                (from, to) = (from.max(a.min(b)), to.min(a.max(b)));
            }
        }
        if to <= from {
            self.outside += mass;
            return;
        }
        self.outside += mass * (1.0 - (to - from));
        let mut t = from;
        loop {
            // The next crossing of a grid line on either axis.
            let mut next = to;
            for axis in 0..2 {
                if way[axis] != 0.0 {
                    let x = p[axis] + t * way[axis];
                    let line = if way[axis] > 0.0 { x.floor() + 1.0 } else { x.ceil() - 1.0 };
                    let cross = (line - p[axis]) / way[axis];
                    if cross > t {
                        next = next.min(cross);
                    }
                }
            }
            let middle = 0.5 * (t + next);
            let index = |axis: usize| {
                let x = (p[axis] + middle * way[axis]) as usize;
                x.min(n - 1)
            };
            self.singular[index(1) * n + index(0)] += mass * (next - t);
            if next >= to {
                return;
            }
            t = next;
        }
    }

    /// Adds to every cell `density` times the part of it that lies to the right of the edge from `p` to `q`, less where
    /// the edge goes up.
    fn edge(&mut self, p: [f64; 2], q: [f64; 2], density: f64) {
        if density == 0.0 || p[1] == q[1] {
            return;
        }
        let n = self.window.cells as f64;
        // From the lower end to the upper one.
        let (p, q, density) = if p[1] < q[1] { (p, q, -density) } else { (q, p, density) };
        if q[1] <= 0.0 || p[1] >= n || (p[0] >= n && q[0] >= n) {
            return;
        }
        let slope = (q[0] - p[0]) / (q[1] - p[1]);
        let mut y = p[1].max(0.0);
        let end = q[1].min(n);
        let x_at = |y: f64| {
            if y == p[1] {
                p[0]
            } else if y == q[1] {
                q[0]
            } else {
                p[0] + (y - p[1]) * slope
            }
        };
        let mut x = x_at(y);
        let mut row = y as usize;
        while y < end {
            let up = ((row + 1) as f64).min(end);
            let x_up = x_at(up);
            self.within_row(row, up - y, x, x_up, density);
            (y, x) = (up, x_up);
            row += 1;
        }
    }

    /// A piece of an edge within one row, `height` high, from `x` to `x_up`.
    fn within_row(&mut self, row: usize, height: f64, x: f64, x_up: f64, density: f64) {
        let n = self.window.cells;
        let (left, right) = if x < x_up { (x, x_up) } else { (x_up, x) };
        let whole = density * height;
        let row = &mut self.changes[row * (n + 1)..(row + 1) * (n + 1)];
        if right <= 0.0 {
            row[0] += whole;
            return;
        }
        if left >= n as f64 {
            return;
        }
        let first = left.max(0.0) as usize;
        if left >= 0.0 && right <= (first + 1) as f64 {
            let part = 0.5 * (left + right) - first as f64;
            row[first] += whole * (1.0 - part);
            row[first + 1] += whole * part;
            return;
        }
        // What lies left of 0 fills its height of the whole row; what lies right of the window adds nothing.
        let per_x = whole / (right - left);
        let mut at = left;
        if left < 0.0 {
            row[0] += per_x * -left;
            at = 0.0;
        }
        let stop = right.min(n as f64);
        let mut cell = first;
        while at < stop {
            let next = ((cell + 1) as f64).min(stop);
            let piece = per_x * (next - at);
            let part = 0.5 * (at + next) - cell as f64;
            row[cell] += piece * (1.0 - part);
            row[cell + 1] += piece * part;
            at = next;
            cell += 1;
        }
    }

    fn finish(self) -> Law {
        let n = self.window.cells;
        let mut cells = Vec::with_capacity(n * n);
        let mut inside = 0.0;
        for row in self.changes.chunks_exact(n + 1) {
            let mut mass = 0.0;
            for change in &row[..n] {
                mass += change;
                let of_cell = if mass > NOTHING { mass } else { 0.0 };
                inside += of_cell;
                cells.push(of_cell);
            }
        }
        let left_over = self.spread - inside;
        Law {
            cells,
            singular: self.singular,
            outside: self.outside + if left_over > NOTHING * 1e3 { left_over } else { 0.0 },
            undefined: self.undefined,
        }
    }
}
