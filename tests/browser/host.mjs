// A static host of the built site: under any prefix, with the compression and the headers of one kind of host or
// another, with deploys and files that go missing.
import { createServer } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { root } from "./harness.mjs";

export const site = join(root, "pkg/site");
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png", ".txt": "text/plain; charset=utf-8", ".webmanifest": "application/manifest+json" };

/** The version that was built. */
export const VERSION = /** @type {string} */ (/<meta name="saddle-version" content="([^"]+)"/.exec(await readFile(join(site, "index.html"), "utf8"))?.[1]);
/** The name of another, which has the same files. */
export const NEXT = "0".repeat(VERSION.length);

/** The lines of `_headers` for a path, as the hosts that read it apply them. @param {string} text @param {string} path */
export function headersFor(text, path) {
  /** @type {Record<string, string>} */
  const found = {};
  let applies = false;
  for (const line of text.split("\n")) {
    if (line.startsWith("/")) applies = line.endsWith("*") ? path.startsWith(line.slice(0, -1)) : path === line;
    else if (applies && line.trim() !== "") {
      const [, name = "", value = ""] = /^\s+([^:]+): (.*)$/.exec(line) ?? [];
      found[name] = value;
    }
  }
  return found;
}

/**
 * `encoding`: of which copies beside the files it sends; without, it has none. `headers`: whether it reads `_headers`.
 * `published` is the version of its pages and `there` those whose files it has; a test changes them to deploy. What
 * `missing` says is not there.
 * @param {{ prefix?: string, encoding?: "br" | "gzip" | null, headers?: boolean }} way
 */
export async function host({ prefix = "/", encoding = null, headers = false } = {}) {
  const rules = headers ? await readFile(join(site, "_headers"), "utf8") : "";
  const state = {
    published: VERSION, there: new Set([VERSION]), missing: (/** @type {string} */ _path) => false,
    /** What was asked for below the prefix, and the bytes that were sent. @type {{ path: string, status: number, bytes: number }[]} */
    sent: [],
  };
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname);
    const inside = path.slice(prefix.length);
    /** @param {number} status @param {Record<string, string>} [head] @param {Buffer} [body] */
    const answer = (status, head = {}, body = Buffer.alloc(0)) => {
      state.sent.push({ path: inside, status, bytes: body.length });
      response.writeHead(status, head).end(body);
    };
    if (`${path}/` === prefix) return answer(301, { Location: prefix });
    if (!path.startsWith(prefix)) return answer(404);
    const [, version] = /^v\/([^/]+)\//.exec(inside) ?? [];
    if ((version !== undefined && !state.there.has(version)) || state.missing(inside)) return answer(404);
    let file = normalize(join(site, version === undefined ? inside : inside.replace(version, VERSION)));
    try {
      if ((await stat(file)).isDirectory()) {
        if (!path.endsWith("/")) return answer(301, { Location: `${path}/` });
        file = join(file, "index.html");
      }
      const head = { "Content-Type": TYPES[/** @type {keyof typeof TYPES} */ (extname(file))] ?? "application/octet-stream", ...headersFor(rules, `/${inside}`) };
      // What names the version it is of.
      if (state.published !== VERSION && /(index\.html|sw\.js)$/.test(file)) {
        return answer(200, head, Buffer.from((await readFile(file, "utf8")).replaceAll(VERSION, state.published)));
      }
      const copy = encoding && String(request.headers["accept-encoding"]).includes(encoding) ? await readFile(file + { br: ".br", gzip: ".gz" }[encoding]).catch(() => null) : null;
      if (copy && encoding) return answer(200, { ...head, "Content-Encoding": encoding }, copy);
      answer(200, head, await readFile(file));
    } catch {
      answer(404, { "Content-Type": "text/html; charset=utf-8", ...headersFor(rules, `/${inside}`) }, await readFile(join(site, "404.html")));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  const origin = `http://127.0.0.1:${port}`;
  /** Publishes the other version, which has the same files. @param {{ keep: boolean }} how whether the one before is carried along */
  const deploy = ({ keep }) => {
    state.published = NEXT;
    state.there = new Set(keep ? [VERSION, NEXT] : [NEXT]);
  };
  return Object.assign(state, { origin, address: origin + prefix, deploy, close });
}
