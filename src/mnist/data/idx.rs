//! IDX, the file format of MNIST (LeCun, Cortes, Burges): big-endian `u32` magic and dimensions, then bytes.
//!
//! Whatever is wrong with a file gets its own error, which names the file and says what to do next: the
//! page shows the message as it is. No bytes make this panic.

use md5::{Digest, Md5};

/// Magic of a file of images: unsigned bytes in three dimensions.
pub const IMAGES_MAGIC: u32 = 0x0000_0803;
/// Magic of a file of labels: unsigned bytes in one dimension.
pub const LABELS_MAGIC: u32 = 0x0000_0801;
/// Height and width of an image.
pub const SIDE: usize = 28;
/// Pixels of an image.
pub const PIXELS: usize = SIDE * SIDE;

/// The four files of MNIST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdxFile {
    /// 60,000 images.
    TrainImages,
    /// Their labels.
    TrainLabels,
    /// 10,000 images.
    TestImages,
    /// Their labels.
    TestLabels,
}

impl IdxFile {
    /// All four.
    pub const ALL: [Self; 4] =
        [Self::TrainImages, Self::TrainLabels, Self::TestImages, Self::TestLabels];

    /// The name it has everywhere, without a folder and without `.gz`.
    pub fn name(self) -> &'static str {
        match self {
            Self::TrainImages => "train-images-idx3-ubyte",
            Self::TrainLabels => "train-labels-idx1-ubyte",
            Self::TestImages => "t10k-images-idx3-ubyte",
            Self::TestLabels => "t10k-labels-idx1-ubyte",
        }
    }

    /// MD5 of the raw file, lower-case hexadecimal: a guard against damage, not against malice.
    pub fn md5(self) -> &'static str {
        match self {
            Self::TrainImages => "6bbc9ace898e44ae57da46a324031adb",
            Self::TrainLabels => "a25bea736e30d166cdddb491f175f624",
            Self::TestImages => "2646ac647ad5339dbf082846283269ea",
            Self::TestLabels => "27ae3e4e09519cfbb04c329615203637",
        }
    }

    /// The file of that name; unknown names are an error.
    pub fn from_name(name: &str) -> Result<Self, IdxError> {
        let found = Self::ALL.into_iter().find(|file| file.name() == name);
        found.ok_or_else(|| IdxError::Unknown { file: name.into() })
    }

    /// Checks a whole raw file (after gunzip): header, length, labels, then the digest, so that what is
    /// plainly wrong is said plainly.
    pub fn check(self, bytes: &[u8]) -> Result<(), IdxError> {
        match self {
            Self::TrainImages | Self::TestImages => images(self.name(), bytes).map(|_| ()),
            Self::TrainLabels | Self::TestLabels => labels(self.name(), bytes).map(|_| ()),
        }?;
        let found = hex(&Md5::digest(bytes));
        if found == self.md5() {
            return Ok(());
        }
        Err(IdxError::Digest { file: self.name().into(), found, expected: self.md5() })
    }
}

/// What can be wrong with an IDX file. `file` is its name as the caller gave it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdxError {
    /// Not the name of one of the four.
    #[error("{file}: not a file of MNIST. Choose one of the four idx-ubyte files.")]
    Unknown {
        /// Name.
        file: String,
    },
    /// The bytes end within the header.
    #[error(
        "{file}: {bytes} bytes are too few for a header of {header}. The download was cut off: fetch the file again."
    )]
    NoHeader {
        /// Name.
        file: String,
        /// Bytes there are.
        bytes: usize,
        /// Bytes the header takes.
        header: usize,
    },
    /// The first four bytes are those of something else.
    #[error(
        "{file}: starts with {found:#010x} where {expected:#010x} is expected, so it is another kind of file (still gzipped, or a page of HTML?). Fetch the raw IDX file."
    )]
    Magic {
        /// Name.
        file: String,
        /// Magic it has.
        found: u32,
        /// Magic it should have.
        expected: u32,
    },
    /// Images of another size.
    #[error(
        "{file}: images are {rows} x {columns}, not 28 x 28, so this is another data set. Use the files of MNIST."
    )]
    Size {
        /// Name.
        file: String,
        /// Height it states.
        rows: u32,
        /// Width it states.
        columns: u32,
    },
    /// Fewer bytes than the header promises.
    #[error(
        "{file}: {found} bytes where its header promises {expected}. The download was cut off: fetch the file again."
    )]
    Short {
        /// Name.
        file: String,
        /// Bytes there are.
        found: u64,
        /// Bytes there should be.
        expected: u64,
    },
    /// More bytes than the header promises.
    #[error(
        "{file}: {found} bytes where its header promises {expected}. Something was appended or the header is damaged: fetch the file again."
    )]
    Long {
        /// Name.
        file: String,
        /// Bytes there are.
        found: u64,
        /// Bytes there should be.
        expected: u64,
    },
    /// A label that is no digit.
    #[error(
        "{file}: label {index} is {label}, and digits end at 9. The file is damaged: fetch it again."
    )]
    Label {
        /// Name.
        file: String,
        /// Which label, from 0.
        index: usize,
        /// Its value.
        label: u8,
    },
    /// Two whole files that do not belong together.
    #[error(
        "{images} holds {found_images} images and {labels} holds {found_labels} labels, so the two do not belong together. Fetch both from the same place."
    )]
    Counts {
        /// Name of the file of images.
        images: String,
        /// Name of the file of labels.
        labels: String,
        /// Images.
        found_images: usize,
        /// Labels.
        found_labels: usize,
    },
    /// Well formed, but not the file it should be.
    #[error(
        "{file}: MD5 is {found}, not {expected}: the contents were altered. Clear the cached copy and fetch the file again."
    )]
    Digest {
        /// Name.
        file: String,
        /// Its digest.
        found: String,
        /// The digest of the true file.
        expected: &'static str,
    },
}

/// Pixels of a file of images, row-major `[n, 28, 28]`, 0 black .. 255 white; header and length checked.
pub fn images<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a [u8], IdxError> {
    let (count, rest) = start(file, bytes, IMAGES_MAGIC, 16)?;
    let (rows, columns) = (word(rest, 0), word(rest, 4));
    if (rows, columns) != (SIDE as u32, SIDE as u32) {
        return Err(IdxError::Size { file: file.into(), rows, columns });
    }
    body(file, bytes, 16, u64::from(count) * PIXELS as u64)
}

/// Labels of a file of labels, each 0..=9; header, length and values checked.
pub fn labels<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a [u8], IdxError> {
    let (count, _) = start(file, bytes, LABELS_MAGIC, 8)?;
    let labels = body(file, bytes, 8, u64::from(count))?;
    match labels.iter().position(|&label| label > 9) {
        None => Ok(labels),
        Some(index) => Err(IdxError::Label { file: file.into(), index, label: labels[index] }),
    }
}

/// The count, and the bytes after it, of a file that begins with `magic` and has a whole header.
fn start<'a>(
    file: &str,
    bytes: &'a [u8],
    magic: u32,
    header: usize,
) -> Result<(u32, &'a [u8]), IdxError> {
    // The magic first: half a kilobyte of HTML should be told apart from a download cut off.
    if bytes.len() >= 4 && word(bytes, 0) != magic {
        return Err(IdxError::Magic { file: file.into(), found: word(bytes, 0), expected: magic });
    }
    if bytes.len() < header {
        return Err(IdxError::NoHeader { file: file.into(), bytes: bytes.len(), header });
    }
    Ok((word(bytes, 4), &bytes[8..]))
}

/// What follows the header, when it is as long as promised.
fn body<'a>(file: &str, bytes: &'a [u8], header: usize, length: u64) -> Result<&'a [u8], IdxError> {
    // u64, because a damaged count times the size of an image overflows wasm's usize.
    let (found, expected) = (bytes.len() as u64, header as u64 + length);
    let file = || file.to_owned();
    match found.cmp(&expected) {
        std::cmp::Ordering::Equal => Ok(&bytes[header..]),
        std::cmp::Ordering::Less => Err(IdxError::Short { file: file(), found, expected }),
        std::cmp::Ordering::Greater => Err(IdxError::Long { file: file(), found, expected }),
    }
}

/// Big-endian `u32` at `at`; 0 beyond the end, which callers have excluded.
fn word(bytes: &[u8], at: usize) -> u32 {
    let four = bytes.get(at..at + 4).and_then(|b| b.try_into().ok());
    four.map_or(0, u32::from_be_bytes)
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
