/** Downloads that cannot hang: one that brings nothing for a while is given up. */

/** Milliseconds without a byte after which a download is given up. */
export const STALL = 20_000;

export class Stalled extends Error {
  name = "Stalled";
}

/**
 * @param {string | URL} address
 * @param {AbortSignal} [signal] nobody wants it any more
 * @returns {Promise<Response>} its body rejects with Stalled when it does not go on, as this does when it does not begin
 */
export async function download(address, signal) {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const { promise: ended, reject: end } = ending();
  /** Says what ends it to whoever reads the body. @type {(reason: unknown) => void} */
  let tell = () => undefined;
  const give = (/** @type {unknown} */ reason) => {
    done();
    end(reason);
    tell(reason);
    stop.abort(reason);
  };
  const abort = () => give(signal?.reason);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => give(new Stalled(`nothing came for ${STALL / 1000} s`)), STALL);
  };
  const done = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  };
  signal?.addEventListener("abort", abort, { once: true });
  wait();
  try {
    const response = await Promise.race([fetch(address, { signal: stop.signal }), ended]);
    if (response.body === null) {
      done();
      return response;
    }
    const reader = response.body.getReader();
    const body = new ReadableStream({
      start: (part) => void (tell = (reason) => part.error(reason)),
      async pull(part) {
        wait();
        try {
          const { value, done: last } = await Promise.race([reader.read(), ended]);
          if (last) part.close();
          else part.enqueue(value);
          // Whoever reads slowly does not stall it.
          if (last) done();
          else clearTimeout(timer);
        } catch (error) {
          done();
          part.error(error);
        }
      },
      cancel: () => give(new DOMException("nobody reads it", "AbortError")),
    }, { highWaterMark: 0 });
    clearTimeout(timer);
    // The body is unpacked already: a header that says how it was packed would be wrong.
    const type = response.headers.get("content-type");
    return new Response(body, { status: response.status, statusText: response.statusText, ...(type ? { headers: { "content-type": type } } : {}) });
  } catch (error) {
    done();
    throw error;
  }
}

/** @returns {{promise: Promise<never>, reject: (reason: unknown) => void}} that nobody need hear */
function ending() {
  /** @type {(reason: unknown) => void} */
  let reject = () => undefined;
  const promise = /** @type {Promise<never>} */ (new Promise((_, no) => (reject = no)));
  promise.catch(() => undefined);
  return { promise, reject };
}
