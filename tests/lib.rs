//! One binary for all integration tests: one link step.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod checkpoint;
mod classifier;
mod code;
mod equations;
mod figures;
mod game;
mod gradients;
mod idx;
mod inversion;
mod known;
mod latent;
mod layers;
mod metrics;
mod mlp;
mod networks;
mod plane;
mod real_figures;
mod rng;
mod safetensors;
mod session;
mod settings;
mod support;
mod theory;
mod trial;
