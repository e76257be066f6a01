//! Where in latent space a class lies: the mean z of samples that a classifier is sure of.

/// Sums of z by class.
#[derive(Clone, Debug, PartialEq)]
pub struct Classes {
    dims: usize,
    sums: Vec<f64>,
    counts: Vec<u32>,
}

impl Classes {
    /// No sample yet, for `classes` classes and z of `dims` coordinates.
    pub fn new(classes: usize, dims: usize) -> Self {
        Self { dims, sums: vec![0.0; classes * dims], counts: vec![0; classes] }
    }

    /// Takes up z `[n, dims]` with `probabilities` `[n, classes]`; those whose class has less than `sure` are
    /// left out.
    pub fn add(&mut self, zs: &[f32], probabilities: &[f32], sure: f32) {
        let classes = self.counts.len();
        let rows = zs.chunks_exact(self.dims);
        for (z, row) in rows.zip(probabilities.chunks_exact(classes)) {
            let best = (0..classes).max_by(|&i, &j| row[i].total_cmp(&row[j]));
            let Some(class) = best.filter(|&i| row[i] >= sure) else {
                continue;
            };
            self.counts[class] += 1;
            let sums = &mut self.sums[class * self.dims..(class + 1) * self.dims];
            sums.iter_mut().zip(z).for_each(|(s, &v)| *s += f64::from(v));
        }
    }

    /// Samples of each class so far.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// Mean z of `to` minus mean z of `from`; `None` while either has no sample.
    pub fn difference(&self, from: usize, to: usize) -> Option<Vec<f32>> {
        let mean = |class: usize| {
            let count = f64::from(*self.counts.get(class)?);
            let sums = self.sums.get(class * self.dims..(class + 1) * self.dims)?;
            (count > 0.0).then(|| sums.iter().map(move |s| s / count))
        };
        Some(mean(to)?.zip(mean(from)?).map(|(a, b)| (a - b) as f32).collect())
    }
}
