//! Notes on which networks a file is of.

use super::FileError;
use super::blocks::{Reader, Writer};
use crate::mnist::nets::{Activation, Design, Preset};

/// Of version 1 only the preset is noted.
pub(super) fn read(reader: &Reader<'_>) -> Result<Design, FileError> {
    let unknown = |what, name: &str| FileError::Unknown { what, name: name.to_owned() };
    let name = reader.noted("preset")?;
    let preset = Preset::ALL.into_iter().find(|p| p.name() == name);
    let mut design = Design::of(preset.ok_or_else(|| unknown("a preset called", name))?);
    if reader.version > 1 {
        let activation = |key| {
            let name = reader.noted(key)?;
            let known = Activation::ALL.into_iter().find(|a| a.name() == name);
            known.ok_or_else(|| unknown("an activation called", name))
        };
        design.activation_d = activation("activation_d")?;
        design.activation_g = activation("activation_g")?;
        design.batch_norm = reader.noted("batch_norm")? == "true";
        design.spectral_norm = reader.noted("spectral_norm")? == "true";
    }
    Ok(design)
}

pub(super) fn write(writer: &mut Writer<'_>, design: Design) {
    writer.note("preset", design.preset.name().to_owned());
    writer.note("activation_d", design.activation_d.name().to_owned());
    writer.note("activation_g", design.activation_g.name().to_owned());
    writer.note("batch_norm", design.batch_norm.to_string());
    writer.note("spectral_norm", design.spectral_norm.to_string());
}
