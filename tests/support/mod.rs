//! What several tests are held against, written independently of what they test.

pub(crate) mod closed;
pub(crate) mod masses;
pub(crate) mod normal;
pub(crate) mod quadrature;
