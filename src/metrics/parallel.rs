//! Rows shared out over the cores.

/// `[f(0), f(1), .., f(count - 1)]`, one after the other: there are no threads in a browser.
#[cfg(target_family = "wasm")]
pub fn map<T>(count: usize, f: impl Fn(usize) -> T) -> Vec<T> {
    (0..count).map(f).collect()
}

/// `[f(0), f(1), .., f(count - 1)]`, computed on all cores.
#[cfg(not(target_family = "wasm"))]
pub fn map<T: Send>(count: usize, f: impl Fn(usize) -> T + Sync) -> Vec<T> {
    use std::{ops::Range, thread};

    let workers = thread::available_parallelism()
        .map_or(1, Into::into)
        .min(count.max(1));
    if workers == 1 {
        return (0..count).map(f).collect();
    }
    let part = |range: Range<usize>| range.map(&f).collect::<Vec<T>>();
    thread::scope(|scope| {
        let share = count.div_ceil(workers);
        let handles: Vec<_> = (0..workers)
            .map(|w| (w * share).min(count)..((w + 1) * share).min(count))
            .map(|range| scope.spawn(|| part(range)))
            .collect();
        let join = |handle: thread::ScopedJoinHandle<'_, Vec<T>>| match handle.join() {
            Ok(values) => values,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        handles.into_iter().flat_map(join).collect()
    })
}
