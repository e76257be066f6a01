//! Reading and writing files, with errors that name them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use saddle::mnist::data::Mnist;
use saddle::mnist::data::idx::IdxFile;
use saddle::mnist::file::generator::{self, GeneratorFile};

/// Reads a whole file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Writes a file so that a reader never sees half of it.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let aside = path.with_extension("partial");
    fs::write(&aside, bytes)
        .and_then(|()| fs::rename(&aside, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Which half of MNIST.
#[derive(Clone, Copy)]
pub(super) enum Half {
    /// 60,000 images.
    Train,
    /// 10,000 images.
    Test,
}

/// Reads MNIST from `folder`, digests checked.
pub(super) fn mnist(folder: &Path, half: Half) -> Result<Mnist> {
    let file = |file: IdxFile| {
        read(&folder.join(file.name()))
            .context("`cargo xtask build` puts the four files of MNIST into pkg/raw")
    };
    let data = match half {
        Half::Train => Mnist::train(file(IdxFile::TrainImages)?, file(IdxFile::TrainLabels)?),
        Half::Test => Mnist::test(file(IdxFile::TestImages)?, file(IdxFile::TestLabels)?),
    };
    data.with_context(|| format!("cannot use {}", folder.display()))
}

/// Reads a generator from whatever holds one.
pub(super) fn generator(path: &Path) -> Result<GeneratorFile> {
    generator::decode(&read(path)?).with_context(|| format!("cannot use {}", path.display()))
}

/// Creates a folder and what leads to it.
pub(super) fn folder(path: &Path) -> Result<PathBuf> {
    fs::create_dir_all(path)
        .with_context(|| format!("cannot create the folder {}", path.display()))?;
    Ok(path.to_owned())
}
