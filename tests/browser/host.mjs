// The built site as static hosts serve it.
import { createServer } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { root } from "./harness.mjs";

export const site = join(root, "pkg/site");
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json" };

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
 * A static host: under a prefix, with or without compressed copies and headers. `gone()` takes the network away.
 * @param {{ prefix?: string, compressed?: boolean, headers?: boolean }} way
 */
export async function host({ prefix = "/", compressed = false, headers = false } = {}) {
  /** @type {string[]} */
  const asked = [];
  /** What was sent for each, without its headers. @type {number[]} */
  const sizes = [];
  const rules = headers ? await readFile(join(site, "_headers"), "utf8") : "";
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname);
    const which = asked.push(path) - 1;
    sizes.push(0);
    if (!path.startsWith(prefix)) return void response.writeHead(404).end();
    const inside = path.slice(prefix.length);
    let file = normalize(join(site, inside));
    try {
      if ((await stat(file)).isDirectory()) {
        if (!path.endsWith("/")) return void response.writeHead(301, { Location: `${path}/` }).end();
        file = join(file, "index.html");
      }
      const type = TYPES[/** @type {keyof typeof TYPES} */ (extname(file))] ?? "application/octet-stream";
      const copy = compressed && /\bbr\b/.test(String(request.headers["accept-encoding"])) ? await readFile(`${file}.br`).catch(() => null) : null;
      const body = copy ?? (await readFile(file));
      response.writeHead(200, { "Content-Type": type, ...(copy ? { "Content-Encoding": "br" } : {}), ...headersFor(rules, `/${inside}`) });
      sizes[which] = body.length;
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { origin: `http://127.0.0.1:${port}`, address: `http://127.0.0.1:${port}${prefix}`, asked, sizes, close };
}
