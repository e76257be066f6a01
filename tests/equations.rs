//! Every numbered equation of the page that can be evaluated: both sides, over many random instances.
//!
//! One file for each section of `www/text/` (two or three for a long one), one test for each equation:
//! `{#eq:some-name}` in the text is `eq_some_name` here. `cargo xtask equations` holds the two lists against
//! each other; the few equations without a test have a reason in `www/text/equations.toml`.
//!
//! Where the page computes a side, that very Rust is called. The other side is arithmetic of its own: sums
//! over all outcomes, adaptive quadrature, central differences, and enumeration of all mini-batches instead
//! of sampling. So no tolerance has to allow for chance.

mod after_2014;
mod convergence;
mod densities;
mod divergences;
mod idea;
mod implementation;
mod instances;
mod invertibility;
mod latent;
mod likelihood;
mod mnist_lab;
mod objective;
mod optimal_d;
mod optimal_g;
mod players;
mod prior;
mod steps;
mod training_loop;
mod what_happens;
