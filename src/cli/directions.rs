//! `saddle directions`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use saddle::mnist::explore::directions::{self, Search};
use saddle::num::rng::Rng;

use super::{files, images};

#[derive(Args)]
pub(super) struct Directions {
    /// Weights, as written by `saddle train` or by the page (.safetensors)
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// Where to; beside the weights unless told
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// At how many points of z to look
    #[arg(long, default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    points: u32,
    /// Seed of the points
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// Also draw what each direction does to one digit, a row each (.png)
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
}

/// Where along each direction the picture is drawn.
const STOPS: [f32; 7] = [-4.0, -2.67, -1.33, 0.0, 1.33, 2.67, 4.0];

impl Directions {
    pub(super) fn run(self) -> Result<()> {
        let file = files::generator(&self.weights)?;
        let digest = directions::Directions::digest(&file.weights);
        let generator = file.load();
        let dims = generator.latent();
        let mut search = Search::new(dims);
        let points = generator.noise(&mut Rng::new(self.seed.into()), self.points as usize);
        for z in points.chunks_exact(dims) {
            search.add(&generator.images(&search.probes(z)));
        }
        let found = search.finish(digest, self.seed);
        let out = self.out.unwrap_or_else(|| self.weights.with_extension("directions.json"));
        files::write(&out, (serde_json::to_string(&found)? + "\n").as_bytes())?;
        let shares: Vec<String> =
            found.shares.iter().map(|s| format!("{:.1} %", 100.0 * s)).collect();
        println!("{}: {} of the squared change", out.display(), shares.join(", "));
        if let Some(picture) = self.picture {
            let z = &points[..dims];
            let along = |d: &Vec<f32>| {
                STOPS.map(|stop| z.iter().zip(d).map(|(z, d)| z + stop * d).collect::<Vec<f32>>())
            };
            let zs: Vec<f32> = found.directions.iter().flat_map(along).flatten().collect();
            files::write(&picture, &images::grid(&generator.images(&zs), STOPS.len())?)?;
        }
        Ok(())
    }
}
