//! One iteration of Algorithm 1.

use burn::tensor::Tensor;

use super::{Session, statistics::Seen};
use crate::{models::Mode, training::penalty};

impl Session {
    /// k steps of D, then one of G (Goodfellow 2014, Algorithm 1). Reads nothing back.
    pub fn step(&mut self) {
        let mut d_step = None;
        for _ in 0..self.settings.k {
            let real = self.images();
            let z = self.draw();
            d_step = Some(self.step_discriminator(&real, z));
        }
        let z = self.draw();
        let g_step = self.step_generator(z);
        self.average.follow(
            &self.generator.parameters,
            &self.generator.statistics,
            self.step,
            self.settings.ema,
        );
        self.step += 1;
        self.seen = d_step.map(|d_step| Seen {
            d_step,
            g_step,
            batch: self.settings.batch,
            loss: self.settings.loss,
            smoothing: self.settings.smoothing,
        });
    }

    // [snippet: d-step]
    /// Descends D's loss in D's parameters; the generated images are constants here. Returns the logits,
    /// real ones first.
    fn step_discriminator(&mut self, real: &Tensor<4>, z: Tensor<4>) -> Tensor<4> {
        let s = &self.settings;
        let n = s.batch;
        let fake = self.generator.fixed(z, &[]);
        self.discriminator.tighten();
        let d = &self.discriminator;
        let leaves = d.leaves();
        let both = Tensor::cat(vec![real.clone(), fake], 0);
        let masks = d.network.masks(2 * n, &mut self.dropout, &self.device);
        let logits = d
            .network
            .forward_masked(&leaves, &d.statistics, both, Mode::Train, &masks)
            .output;
        let (on_real, on_fake) = (
            logits.clone().narrow(0, 0, n),
            logits.clone().narrow(0, n, n),
        );
        let mut loss = s.loss.discriminator(on_real, on_fake, s.smoothing);
        if s.r1 > 0.0 {
            loss = loss + penalty::r1(&d.network, &leaves, &d.used(), &d.statistics, real, s.r1);
        }
        let (rate, momentum) = self.pace(s.rate_d, s.momentum_d);
        self.discriminator.descend(&loss, &leaves, rate, momentum);
        logits.inner()
    }
    // [/snippet]

    // [snippet: g-step]
    /// Descends G's loss in G's parameters; D is stacked on G and held fixed. Returns the logits.
    fn step_generator(&mut self, z: Tensor<4>) -> Tensor<4> {
        let s = &self.settings;
        let (g, d) = (&self.generator, &self.discriminator);
        let leaves = g.leaves();
        let made = g.network.forward(&leaves, &g.statistics, z, Mode::Train);
        let masks = d.network.masks(s.batch, &mut self.dropout, &self.device);
        let logits = d.fixed(made.output, &masks);
        let loss = s.loss.generator(logits.clone());
        let (rate, momentum) = self.pace(s.rate_g, s.momentum_g);
        self.generator.descend(&loss, &leaves, rate, momentum);
        self.generator.observe(made.batch_statistics);
        logits.inner()
    }
    // [/snippet]

    /// Rate and momentum of this step.
    fn pace(&self, rate: f32, momentum: f32) -> (f32, f32) {
        (
            rate * self.settings.decay_at(self.step),
            self.settings.momentum_at(momentum, self.epoch()),
        )
    }
}
