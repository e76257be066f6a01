// WebKit by its own driver: WebDriver over HTTP, in a display of its own. Packages webkit2gtk-driver and xvfb.
import { spawn } from "node:child_process";
import { access, readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { until } from "./harness.mjs";

/** @returns {Promise<number>} a port that is free */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** @returns {Promise<string>} MiniBrowser, which Debian keeps beside the library */
async function miniBrowser() {
  if (process.env.SADDLE_WEBKIT) return process.env.SADDLE_WEBKIT;
  for (const triple of await readdir("/usr/lib")) {
    for (const version of ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"]) {
      const file = join("/usr/lib", triple, version, "MiniBrowser");
      if (await access(file).then(() => true, () => false)) return file;
    }
  }
  throw new Error("there is no MiniBrowser; install webkit2gtk-driver, or set SADDLE_WEBKIT to its path");
}

/**
 * A page in WebKit.
 * @param {string} address @param {{width?: number, height?: number}} [size]
 */
export async function webkit(address, { width = 1280, height = 900 } = {}) {
  const port = await freePort();
  const driver = spawn("xvfb-run", ["-a", "-s", `-screen 0 ${Math.max(width, 1400)}x${Math.max(height, 1000)}x24`, "WebKitWebDriver", `--port=${port}`], {
    stdio: "ignore", detached: true,
  });
  const call = async (/** @type {string} */ method, /** @type {string} */ path, /** @type {unknown} */ body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const { value } = await response.json();
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  await until("the driver", () => call("GET", "/status").then(() => true, () => false));
  const { sessionId } = await call("POST", "/session", {
    capabilities: { alwaysMatch: { "webkitgtk:browserOptions": { binary: await miniBrowser(), args: ["--automation"] } } },
  });
  const at = (/** @type {string} */ path) => `/session/${sessionId}${path}`;
  await call("POST", at("/timeouts"), { script: 60_000, pageLoad: 60_000 });
  await call("POST", at("/window/rect"), { width, height });
  await call("POST", at("/url"), { url: address });
  return {
    /** Runs a function there. @template T @param {(...args: any[]) => T} act @param {unknown[]} args @returns {Promise<Awaited<T>>} */
    evaluate: (act, ...args) => call("POST", at("/execute/sync"), { script: `return (${act})(...arguments)`, args }),
    go: (/** @type {string} */ url) => call("POST", at("/url"), { url }),
    resize: (/** @type {{width: number, height: number}} */ size) => call("POST", at("/window/rect"), size),
    /** @returns {Promise<Buffer>} PNG of what is seen */
    screenshot: async () => Buffer.from(await call("GET", at("/screenshot")), "base64"),
    async close() {
      await call("DELETE", at("")).catch(() => undefined);
      // The display, the driver and the browser are one group.
      if (driver.pid) process.kill(-driver.pid);
    },
  };
}
