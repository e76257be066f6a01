//! The commands of `saddle`.

mod classify;
mod directions;
mod eval;
mod experiments;
mod export;
mod files;
mod game;
mod games;
mod images;
mod invert;
mod judging;
mod networks;
mod options;
mod reference;
mod sample;
mod script;
mod train;
mod wait;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// The original GAN on MNIST: train, sample, evaluate.
#[derive(Parser)]
#[command(version, about)]
pub(crate) struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Train a pair of networks; resumes where an earlier run in the same folder stopped
    Train(train::Train),
    /// Play a game in one or two dimensions over many seeds
    Game(game::Game),
    /// Play all known games over seeds, and write docs/games.json, where the page's text has its counts from
    Games(games::Games),
    /// Write shapes and parameters of all networks, layer by layer, to where the page's text is made from
    Networks(networks::Networks),
    /// Draw samples of a generator, as a PNG grid or a NumPy array
    Sample(sample::Sample),
    /// Train the digit classifier that judges samples
    Classify(classify::Classify),
    /// Describe real images to the page that judges samples
    Reference(reference::Reference),
    /// Write trained networks, or a generator alone, smaller
    Export(export::Export),
    /// Write a run as a PyTorch script that goes on training from its file
    Script(script::Script),
    /// Score a generator against the test images
    Eval(eval::Eval),
    /// Play the known runs over seeds, judge them, and write docs/experiments.md with its pictures
    Experiments(experiments::Experiments),
    /// Find the directions of z that change a generator's images most
    Directions(directions::Directions),
    /// Look for the z of generated and of real digits
    Invert(invert::Invert),
}

impl Program {
    /// Carries the command out.
    pub(crate) fn run(self) -> Result<()> {
        match self.command {
            Command::Train(command) => command.run(),
            Command::Game(command) => command.run(),
            Command::Games(command) => command.run(),
            Command::Networks(command) => command.run(),
            Command::Sample(command) => command.run(),
            Command::Classify(command) => command.run(),
            Command::Reference(command) => command.run(),
            Command::Export(command) => command.run(),
            Command::Script(command) => command.run(),
            Command::Eval(command) => command.run(),
            Command::Experiments(command) => command.run(),
            Command::Directions(command) => command.run(),
            Command::Invert(command) => command.run(),
        }
    }
}
