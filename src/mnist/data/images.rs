//! MNIST in memory, and the order in which training sees it.

use std::ops::Range;

use super::idx;
use super::idx::{IdxError, IdxFile, PIXELS};
use crate::num::rng::Rng;

/// Grey bytes, 0 black .. 255 white, as intensities, -1 black .. 1 white.
pub fn intensities(bytes: &[u8]) -> Vec<f32> {
    bytes.iter().map(|&v| intensity(v)).collect()
}

fn intensity(byte: u8) -> f32 {
    2.0 * f32::from(byte) / 255.0 - 1.0
}

/// Intensities as the nearest grey bytes; what is beyond white or black is that.
pub fn grey(intensities: &[f32]) -> Vec<u8> {
    let byte = |v: &f32| ((v + 1.0) * 127.5).round().clamp(0.0, 255.0) as u8;
    intensities.iter().map(byte).collect()
}

/// Images and their labels; as many of one as of the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mnist {
    /// Row-major `[n, 28, 28]`, 0 black .. 255 white.
    pub images: Vec<u8>,
    /// `[n]`, each 0..=9.
    pub labels: Vec<u8>,
}

impl Mnist {
    /// The 60,000 training images, from raw IDX bytes; digests are checked.
    pub fn train(images: Vec<u8>, labels: Vec<u8>) -> Result<Self, IdxError> {
        Self::checked(IdxFile::TrainImages, images, IdxFile::TrainLabels, labels)
    }

    /// The 10,000 test images, from raw IDX bytes; digests are checked.
    pub fn test(images: Vec<u8>, labels: Vec<u8>) -> Result<Self, IdxError> {
        Self::checked(IdxFile::TestImages, images, IdxFile::TestLabels, labels)
    }

    fn checked(
        images_file: IdxFile,
        images: Vec<u8>,
        labels_file: IdxFile,
        labels: Vec<u8>,
    ) -> Result<Self, IdxError> {
        images_file.check(&images)?;
        labels_file.check(&labels)?;
        Self::from_idx(images_file.name(), images, labels_file.name(), labels)
    }

    /// Any images of 28 x 28 in raw IDX bytes, whatever their digest; names are for the messages.
    ///
    /// Takes the bytes over: the pixels of the training set are 47 MB, which a phone should not hold twice.
    pub fn from_idx(
        images_name: &str,
        mut images: Vec<u8>,
        labels_name: &str,
        mut labels: Vec<u8>,
    ) -> Result<Self, IdxError> {
        let pixels = idx::images(images_name, &images)?.len();
        let count = idx::labels(labels_name, &labels)?.len();
        if pixels / PIXELS != count {
            return Err(IdxError::Counts {
                images: images_name.into(),
                labels: labels_name.into(),
                found_images: pixels / PIXELS,
                found_labels: count,
            });
        }
        images.drain(..images.len() - pixels);
        labels.drain(..labels.len() - count);
        Ok(Self { images, labels })
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Image `index` as 784 bytes; None beyond the end.
    pub fn image(&self, index: usize) -> Option<&[u8]> {
        self.images.chunks_exact(PIXELS).nth(index)
    }

    /// Logits of the mean image, of intensities from 0 black to 1 white, `[28 * 28]`. Where a pixel is always black, or
    /// always white, its mean is taken to be 1e-7 or so much less than 1, as pylearn2's
    /// `init_sigmoid_bias_from_marginals` does.
    pub fn mean_logits(&self) -> Vec<f32> {
        let mut sums = vec![0u64; PIXELS];
        for image in self.images.chunks_exact(PIXELS) {
            sums.iter_mut().zip(image).for_each(|(sum, &v)| *sum += u64::from(v));
        }
        let logit = |sum: u64| {
            let mean = (sum as f64 / (255.0 * self.len() as f64)).clamp(1e-7, 1.0 - 1e-7);
            (mean / (1.0 - mean)).ln() as f32
        };
        sums.into_iter().map(logit).collect()
    }

    /// The first `count` images, or all where there are fewer.
    #[must_use]
    pub fn first(mut self, count: usize) -> Self {
        self.images.truncate(count * PIXELS);
        self.labels.truncate(count);
        self
    }

    /// The images of these indices, row-major `[indices.len(), 28, 28]`, -1 black .. 1 white.
    ///
    /// # Panics
    /// When an index is not below [`len`](Self::len).
    pub fn images_at(&self, indices: &[u32]) -> Vec<f32> {
        let mut batch = Vec::with_capacity(indices.len() * PIXELS);
        for &index in indices {
            let at = index as usize * PIXELS;
            batch.extend(self.images[at..at + PIXELS].iter().map(|&v| intensity(v)));
        }
        batch
    }

    /// The images of a range of indices, likewise.
    ///
    /// # Panics
    /// When it ends beyond [`len`](Self::len).
    pub fn images_in(&self, range: Range<usize>) -> Vec<f32> {
        intensities(&self.images[range.start * PIXELS..range.end * PIXELS])
    }
}

/// The endless order of batches: every epoch a fresh shuffle of all images, cut into batches of one size.
/// What does not fill a last batch is left out of that epoch, so that shapes never change.
///
/// An epoch's shuffle depends on seed and epoch only, so (seed, images seen) is all that a checkpoint keeps.
#[derive(Clone, Debug)]
pub struct Batches {
    seed: u64,
    batch: usize,
    order: Vec<u32>,
    epoch: u64,
    /// Batches given out in this epoch.
    taken: usize,
}

/// Streams of the generator set aside for shuffles: this and one more for each epoch.
const SHUFFLES: u64 = 0x5348_5546_0000_0000;

impl Batches {
    /// Batches of `batch` of `images` images (at least 1, below 2^32), from the start. A batch of 0 is one of
    /// 1, and one larger than the data is all of it.
    ///
    /// # Panics
    /// When there are no images, or 2^32 or more.
    pub fn new(images: usize, batch: usize, seed: u64) -> Self {
        Self::resume(images, batch, seed, 0)
    }

    /// The same after `seen` images have been given out (see [`seen`](Self::seen)), without playing them
    /// back. Whole batches count; a rest is dropped.
    ///
    /// # Panics
    /// When there are no images, or 2^32 or more.
    pub fn resume(images: usize, batch: usize, seed: u64, seen: u64) -> Self {
        let count = u32::try_from(images).expect("indices of images are u32");
        assert!(count > 0, "batches need at least one image");
        let batch = batch.clamp(1, images);
        let steps = seen / batch as u64;
        let per_epoch = (images / batch) as u64;
        let mut batches = Self {
            seed,
            batch,
            order: (0..count).collect(),
            epoch: steps / per_epoch,
            taken: (steps % per_epoch) as usize,
        };
        batches.shuffle();
        batches
    }

    /// Indices of the images of the next batch.
    pub fn next_batch(&mut self) -> &[u32] {
        if (self.taken + 1) * self.batch > self.order.len() {
            self.epoch += 1;
            self.taken = 0;
            self.shuffle();
        }
        let from = self.taken * self.batch;
        self.taken += 1;
        &self.order[from..from + self.batch]
    }

    /// Images given out since the very start; with the seed, all that is needed to go on.
    pub fn seen(&self) -> u64 {
        let per_epoch = (self.order.len() / self.batch) as u64;
        (self.epoch * per_epoch + self.taken as u64) * self.batch as u64
    }

    fn shuffle(&mut self) {
        // From ascending order, never from the last epoch's: else the past would have to be replayed.
        for (i, index) in self.order.iter_mut().enumerate() {
            *index = i as u32;
        }
        Rng::stream(self.seed, SHUFFLES.wrapping_add(self.epoch)).shuffle(&mut self.order);
    }
}
