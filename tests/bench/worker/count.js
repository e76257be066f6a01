// Counts WebGPU calls by wrapping the prototypes of this worker.

/** @returns {() => {dispatches: number, submits: number, writes: number, bytesRead: number}} counts so far */
export function count() {
  const counts = { dispatches: 0, submits: 0, writes: 0, bytesRead: 0 };
  if (typeof GPUDevice === "undefined") return () => ({ ...counts });
  const wrap = (prototype, name, note) => {
    const call = prototype[name];
    prototype[name] = function (...args) {
      note(this, ...args);
      return call.apply(this, args);
    };
  };
  wrap(GPUComputePassEncoder.prototype, "dispatchWorkgroups", () => (counts.dispatches += 1));
  wrap(GPUComputePassEncoder.prototype, "dispatchWorkgroupsIndirect", () => (counts.dispatches += 1));
  wrap(GPUQueue.prototype, "submit", () => (counts.submits += 1));
  wrap(GPUQueue.prototype, "writeBuffer", () => (counts.writes += 1));
  // A buffer born mapped is written to as well.
  wrap(GPUDevice.prototype, "createBuffer", (_, { mappedAtCreation }) => (counts.writes += mappedAtCreation ? 1 : 0));
  // What is copied to be read: a library may map a larger buffer of its pool. Offsets may be left out.
  wrap(GPUCommandEncoder.prototype, "copyBufferToBuffer", (_, source, ...rest) => {
    const [target, size] = typeof rest[0] === "number" ? [rest[1], rest[3]] : rest;
    if (target.usage & GPUBufferUsage.MAP_READ) counts.bytesRead += size ?? source.size;
  });
  return () => ({ ...counts });
}
