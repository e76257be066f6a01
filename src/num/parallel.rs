//! Rows shared out over the cores.

/// `[f(0), f(1), .., f(count - 1)]`, computed on all cores where there are threads.
pub fn map<T: Send>(count: usize, f: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    #[cfg(feature = "native")]
    {
        use rayon::prelude::*;
        (0..count).into_par_iter().map(f).collect()
    }
    #[cfg(not(feature = "native"))]
    (0..count).map(f).collect()
}
