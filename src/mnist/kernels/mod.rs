//! The operations in which a step spends its time, where the library's own are not the best way to them.

mod dense;
mod doubling;

pub(super) use dense::dense;
pub(super) use doubling::Doubling;
