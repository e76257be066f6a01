//! The networks of every preset as plain numbers, layer by layer, for whoever draws them.

use serde::Serialize;

use super::layer::{Layer, Shape3};
use super::network::{Network, Parameter};
use super::presets::Preset;

/// A pair of networks.
#[derive(Debug, Serialize)]
pub struct PairTable {
    /// Name of the preset.
    pub preset: &'static str,
    /// Layers of G, from z to the image.
    pub generator: Table,
    /// Layers of D, from the image to the logit.
    pub discriminator: Table,
}

/// One network.
#[derive(Debug, Serialize)]
pub struct Table {
    /// Shape of one example, `[channels, height, width]`.
    pub input: Shape3,
    /// First to last.
    pub layers: Vec<Row>,
    /// All trained parameters, and all running statistics.
    pub parameters: usize,
    /// Updated by training, reached by no gradient.
    pub statistics: usize,
}

/// One layer.
#[derive(Debug, Serialize)]
pub struct Row {
    /// As in the names of parameters; of an activation its own name.
    pub kind: &'static str,
    /// Side of the kernel, step and padding, in pixels; of other layers nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kernel: Option<[usize; 3]>,
    /// Shape of its output for one example, `[channels, height, width]`.
    pub output: Shape3,
    /// Trained parameters.
    pub parameters: usize,
}

/// All presets with what is recommended for them.
pub fn tables() -> Vec<PairTable> {
    let one = |preset: Preset| {
        let pair = preset.networks();
        PairTable {
            preset: preset.name(),
            generator: table(&pair.generator),
            discriminator: table(&pair.discriminator),
        }
    };
    Preset::ALL.into_iter().map(one).collect()
}

fn table(network: &Network) -> Table {
    let count = |all: &[Parameter]| all.iter().map(Parameter::len).sum();
    let shapes = network.shapes();
    let layers = network.layers().iter().zip(&shapes[1..]);
    let row = |(layer, &output): (&Layer, &Shape3)| Row {
        kind: match layer {
            Layer::Activation(activation) => activation.name(),
            other => other.kind(),
        },
        kernel: match *layer {
            Layer::Conv(c) | Layer::ConvTranspose(c) => Some([c.kernel, c.stride, c.padding]),
            _ => None,
        },
        output,
        parameters: layer
            .parameters()
            .iter()
            .map(|(_, shape, _)| shape.iter().product::<usize>())
            .sum(),
    };
    Table {
        input: network.input(),
        layers: layers.map(row).collect(),
        parameters: count(network.parameters()),
        statistics: count(network.statistics()),
    }
}
