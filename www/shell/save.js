/** Files that the visitor takes along. */

/**
 * Puts a text into the clipboard. A browser allows that only for a moment after a click, and so is told of it at once,
 * also when the text is still to come.
 * @param {string | Promise<string>} text
 * @returns {Promise<boolean>} whether it is there
 */
export async function copy(text) {
  try {
    if (typeof ClipboardItem === "function" && typeof text !== "string") {
      const blob = text.then((words) => new Blob([words], { type: "text/plain" }));
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    } else await navigator.clipboard.writeText(await text);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} name @param {Blob} blob */
export function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has taken hold of it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * @param {string} svg a document with width and height
 * @param {number} ratio pixels per CSS pixel
 * @returns {Promise<Blob>} PNG
 */
export async function rasterise(svg, ratio) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth * ratio, image.naturalHeight * ratio];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("toBlob"))), "image/png"));
}

/** @returns {{type: string, ending: string} | null} what this browser records canvases as */
export function filmType() {
  if (typeof MediaRecorder !== "function" || !("captureStream" in HTMLCanvasElement.prototype)) return null;
  // H.264 first, which slides take, up to 1280 x 720 at 30 pictures/s; other codecs in MP4 play in few places.
  const types = [["video/mp4;codecs=avc1.42E01F", "mp4"], ["video/webm;codecs=vp9", "webm"], ["video/webm", "webm"], ["video/mp4", "mp4"]];
  const [type, ending] = types.find(([candidate]) => MediaRecorder.isTypeSupported(candidate ?? "")) ?? [];
  return type && ending ? { type, ending } : null;
}

/**
 * Records `count` pictures, drawn one after the other in real time.
 * @param {HTMLCanvasElement} canvas @param {string} type
 * @param {number} count @param {number} perSecond
 * @param {(i: number) => void} draw
 * @returns {Promise<Blob>}
 */
export function film(canvas, type, count, perSecond, draw) {
  const recorder = new MediaRecorder(canvas.captureStream(perSecond), { mimeType: type, videoBitsPerSecond: 6e6 });
  /** @type {Blob[]} */
  const chunks = [];
  recorder.ondataavailable = ({ data }) => chunks.push(data);
  return new Promise((resolve, reject) => {
    recorder.onstop = () => resolve(new Blob(chunks, { type: recorder.mimeType }));
    recorder.onerror = () => reject(new Error("MediaRecorder"));
    recorder.start();
    let i = 0;
    const timer = setInterval(() => {
      if (i < count) draw(i);
      // The last picture stays for a second.
      else if (i === count + perSecond) {
        clearInterval(timer);
        recorder.stop();
      }
      i += 1;
    }, 1000 / perSecond);
  });
}
