// Serves the built page (/site/), the scripts of the contestants (/worker/) and the other libraries
// (/modules/), isolated from other origins: only then may a library share memory between threads.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { built, root } from "../browser/harness.mjs";

const folders = {
  site: join(root, "pkg", "site"),
  worker: join(root, "tests", "bench", "worker"),
  modules: join(root, "tests", "bench", "node_modules"),
};
const types = { ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};
const blank = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/worker/page.js"></script>';

/** @returns {Promise<{origin: string, close: () => void}>} the blank page of the contests is at "/" */
export async function serve() {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://host").pathname;
    if (path === "/") {
      response.writeHead(200, { "Content-Type": "text/html", ...isolation }).end(blank);
      return;
    }
    const [, first, ...rest] = path.split("/");
    const folder = folders[/** @type {keyof typeof folders} */ (first)];
    const file = first === "site" ? normalize(await built(rest.join("/"))) : normalize(join(folder ?? "", ...rest));
    if (!folder || !file.startsWith(folder + sep)) return void response.writeHead(404).end();
    try {
      const body = await readFile(file);
      const type = types[/** @type {keyof typeof types} */ (extname(file))] ?? "application/octet-stream";
      response.writeHead(200, { "Content-Type": type, ...isolation }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
