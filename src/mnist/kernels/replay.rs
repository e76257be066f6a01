//! A step recorded once and replayed. What a launch needs is looked up, bound and checked when it is recorded, and a
//! replay only says to the encoder what to launch; the parameters change in their place, and what is new lies in
//! [`super::Given`].

use burn::tensor::{Device, Tensor};

#[cfg(feature = "gpu")]
pub(super) use webgpu::write;

/// Runs what is the same from step to step, and on WebGPU records it.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    #[cfg(feature = "gpu")]
    state: webgpu::State,
}

impl Recorder {
    /// Whether the next step is to be recorded.
    pub(crate) fn records_next(&self) -> bool {
        #[cfg(feature = "gpu")]
        return matches!(self.state, webgpu::State::Prepared(..));
        #[cfg(not(feature = "gpu"))]
        false
    }

    /// Does what `body` does, or what it did when it was recorded. It may be run twice for one step; then nothing has
    /// been computed the first time. `changed` are the tensors that it changes
    /// in their place, where [`Self::records_next`].
    #[allow(unused_variables, reason = "only WebGPU asks where")]
    pub(crate) fn run(&mut self, device: &Device, changed: &[Tensor<1>], mut body: impl FnMut()) {
        #[cfg(feature = "gpu")]
        if let burn::backend::DispatchDevice::Cube(device) = device.as_dispatch() {
            return self.state.run(&device.client(), changed, body);
        }
        body();
    }
}

#[cfg(feature = "gpu")]
mod webgpu {
    use burn::backend::wgpu::CubeBackend;
    use burn::tensor::{Bytes, Tensor};
    use burn_cubecl::cubecl::client::{Client, Graph};
    use burn_cubecl::cubecl::server::ServerError;

    use crate::mnist::kernels::shader::made_by;
    use crate::mnist::kernels::step::{copy, replace};

    /// A recording that finds no memory is tried again so often.
    const TRIALS: u32 = 3;

    #[derive(Default)]
    pub(super) enum State {
        #[default]
        New,
        /// After a step, in which kernels were compiled, and so many recordings that failed.
        Begun(u32),
        /// After a step of a stream that is prepared, which made tensors of so many bytes.
        Prepared(u32, Open, Vec<usize>),
        Recorded(Graph),
        /// It cannot be recorded here.
        Never,
    }

    /// A stream that is prepared, or records.
    pub(super) struct Open(Client);

    impl Drop for Open {
        fn drop(&mut self) {
            // Left open it would not take another recording; closed already it only says so.
            let _ = self.0.stop_capture();
        }
    }

    impl std::fmt::Debug for State {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            let name = match self {
                Self::New => "New",
                Self::Begun(_) => "Begun",
                Self::Prepared(..) => "Prepared",
                Self::Recorded(_) => "Recorded",
                Self::Never => "Never",
            };
            f.write_str(name)
        }
    }

    impl State {
        pub(super) fn run(
            &mut self,
            client: &Client,
            changed: &[Tensor<1>],
            mut body: impl FnMut(),
        ) {
            *self = match std::mem::take(self) {
                Self::New => {
                    body();
                    Self::Begun(0)
                }
                Self::Begun(failed) if failed < TRIALS && client.graph_prepare().is_ok() => {
                    let open = Open(client.clone());
                    Self::Prepared(failed, open, made_by(body))
                }
                Self::Prepared(failed, open, sizes) => {
                    let graph = record(&open, &sizes, changed, &mut body);
                    match graph {
                        Ok(graph) if replay(&graph).is_ok() => Self::Recorded(graph),
                        _ => {
                            body();
                            Self::Begun(failed + 1)
                        }
                    }
                }
                Self::Recorded(graph) if replay(&graph).is_ok() => Self::Recorded(graph),
                _ => {
                    body();
                    Self::Never
                }
            };
        }
    }

    /// A recording takes no memory but what is free: there is as much of each size as a step makes, held by nobody.
    fn record(
        Open(client): &Open,
        sizes: &[usize],
        changed: &[Tensor<1>],
        body: &mut impl FnMut(),
    ) -> Result<Graph, ServerError> {
        let kept: Vec<_> = changed.iter().map(copy).collect();
        drop(sizes.iter().map(|bytes| client.empty(*bytes)).collect::<Vec<_>>());
        client.start_capture()?;
        body();
        let graph = client.stop_capture();
        if graph.is_err() {
            // What was not computed is not to be read; what it would have changed is written anew.
            for (changed, kept) in changed.iter().zip(kept) {
                replace(&mut changed.clone(), kept);
            }
        }
        graph
    }

    #[allow(unsafe_code, reason = "there is no other replay")]
    fn replay(graph: &Graph) -> Result<(), ServerError> {
        // SAFETY: All that the graph reads and writes and that outlives a step is held by the session that holds the
        // graph, the rest by the graph itself; and all of it is used from this thread's one stream.
        unsafe { graph.replay() }
    }

    /// `values` into the buffer of `into`, behind all that was launched before.
    pub(in crate::mnist::kernels) fn write(into: &Tensor<1>, values: Vec<f32>) {
        let into = into.clone().try_into_primitive::<CubeBackend>();
        let into = into.expect("a tensor without a gradient on WebGPU");
        into.client.write(&into.handle, Bytes::from_elems(values));
    }
}
