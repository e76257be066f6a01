// Real browsers on the built page. `pkg/site` is served here as a plain static host would.
import { createServer } from "node:http";
import { access, readFile, stat } from "node:fs/promises";
import { constants, existsSync } from "node:fs";
import { delimiter, extname, join, normalize, sep } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const site = join(root, "pkg", "site");

/** The folder of the version that the page in `folder` is of. */
async function versionOf(folder) {
  const page = await readFile(join(folder, "index.html"), "utf8").catch(() => "");
  const version = page.match(/<meta name="saddle-version" content="([^"]+)"/)?.[1];
  return version === undefined ? "" : join("v", version);
}

/** A file of the page as it is in the source, which the built site has packed with others. */
export const source = async (/** @type {string} */ path) => readFile(join(root, path), "utf8");

/** The built file that stands at this path of the present version, or of the site where it has no version. */
export async function built(path) {
  return join(site, /^\/?(www|pretrained|docs|pkg\/(?!data))/.test(path) ? await versionOf(site) : "", path);
}

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
  ".gz": "application/gzip",
};

/**
 * Serves `folder` on a free port. `override(path, reply)` replaces the answer for a path such as
 * "/pkg/data/manifest.json": a Buffer or string is sent in its stead, a number is sent as a bare status, a function
 * answers by itself, null restores the file. A version in the path is left out there, and a test may ask for a file
 * without it; that the page itself never does is what `served.test.mjs` sees to. Scripts that the built site has packed
 * with others are there as in the source; while one of them is replaced, all of the page's scripts are those of the source.
 */
export async function serveSite(folder = site) {
  const overrides = new Map();
  const version = await versionOf(folder);
  /** Whether a script that a test replaces is one of the built site. */
  const packed = (/** @type {string} */ path) => !path.startsWith("/www/") || existsSync(join(folder, version, path));
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname);
    const plain = path.replace(/^\/v\/[^/]+(?=\/)/, "");
    const reply = overrides.get(plain);
    if (typeof reply === "number") return response.writeHead(reply).end();
    if (typeof reply === "function") return reply(request, response);
    const unpacked = /^\/www\/.*\.js$/.test(plain) && existsSync(join(root, plain)) && (!packed(plain) || ![...overrides.keys()].every(packed));
    const bare = /^\/(www|pretrained|docs|pkg\/(?!data))/.test(path);
    let file = unpacked ? join(root, plain) : normalize(join(folder, bare ? version : "", path));
    if (!unpacked && !file.startsWith(folder + sep) && file !== folder) return response.writeHead(404).end();
    try {
      if (reply === undefined && (await stat(file)).isDirectory()) file = join(file, "index.html");
      else if (path.endsWith("/")) file = join(file, "index.html");
      const body = reply ?? (await readFile(file));
      const type = types[extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
      response.end(request.method === "HEAD" ? undefined : body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(undefined));
  });
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    override: (path, reply) => (reply === null ? overrides.delete(path) : overrides.set(path, reply)),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Full path of the first of these programs that is on the path; SADDLE_CHROMIUM and SADDLE_FIREFOX win. */
async function program(variable, names) {
  if (process.env[variable]) return process.env[variable];
  for (const name of names) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const file = join(folder, name);
      if (await access(file, constants.X_OK).then(() => true, () => false)) return file;
    }
  }
  throw new Error(`none of ${names.join(", ")} is installed; set ${variable} to its path`);
}

const chromiumFlags = [
  "--no-sandbox",
  "--no-first-run",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const webgpuFlags = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/** Chromium through Playwright. Without `webgpu` the page finds no adapter. */
export async function chromium({ webgpu = true, args = [] } = {}) {
  const { chromium } = await import("playwright-core");
  return chromium.launch({
    executablePath: await program("SADDLE_CHROMIUM", ["chromium", "chromium-browser", "google-chrome"]),
    args: [...chromiumFlags, ...(webgpu ? webgpuFlags : ["--disable-features=WebGPU"]), ...args],
  });
}

/** Firefox through Puppeteer and WebDriver BiDi. */
export async function firefox() {
  const { launch } = await import("puppeteer-core");
  return launch({
    browser: "firefox",
    headless: true,
    executablePath: await program("SADDLE_FIREFOX", ["firefox-esr", "firefox"]),
    // Its own services are no part of the page.
    extraPrefsFirefox: { "network.captive-portal-service.enabled": false, "app.normandy.enabled": false },
  });
}

/**
 * A new page of either browser at `url`, with what went wrong on it, filled in as it happens:
 * `errors`, console errors and uncaught exceptions, workers' included; `foreign`, addresses on other
 * origins that were asked for. `options` go to Playwright's `newPage` (viewport, colorScheme, ...).
 */
export async function open(browser, url, options = undefined) {
  const page = await browser.newPage(options);
  const errors = [];
  const foreign = [];
  const { origin } = new URL(url);
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`${message.text()} (${message.location()?.url ?? "no place"})`);
  });
  page.on("pageerror", (error) => errors.push(String(error?.stack ?? error)));
  page.on("request", (request) => {
    const address = request.url();
    if (!/^(data|blob|about):/.test(address) && new URL(address).origin !== origin) foreign.push(address);
  });
  await page.goto(url, { waitUntil: "load" });
  return { page, errors, foreign };
}

/** Waits until `condition` (may be async) gives something truthy, and returns that; throws after `seconds`. */
export async function until(what, condition, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The served site and a browser for the tests of one file: there before the first, gone after the last. */
export function environment(options) {
  /** @type {{server?: Awaited<ReturnType<typeof serveSite>>, browser?: import("playwright-core").Browser}} */
  const env = {};
  before(async () => {
    env.server = await serveSite();
    env.browser = await chromium(options);
  });
  after(async () => {
    await env.browser?.close();
    await env.server?.close();
  });
  return env;
}
