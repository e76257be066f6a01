// Packs what a page loads into few files: `node pack.mjs DOCUMENT INTO`, from the project's folder. DOCUMENT is the page
// as it is built. INTO gets `www/` and `vendor/`, which stand in for those of the sources, and `pack.json`: the sheet that
// stands for all of the page's, the modules of the first screen and of what comes later, and which of these each module
// that is loaded by itself has become. The sources stay what is read and debugged; the same sources give the same files.
import { copyFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { build, transform } from "esbuild";
// @ts-expect-error: it has no types
import subsetFont from "subset-font";

const [documentFile = "", into = ""] = process.argv.slice(2);
const page = await readFile(documentFile, "utf8");
const MAIN = "www/main.js";
/** Loaded by the head of the page, before everything else and by itself: what else imports it names it where it stands. */
const EARLY = "www/shell/early.js";
const STRINGS = ["www/strings/en.js", "www/strings/zh.js"];
/** One for all of the page's sheets, as deep as the one that names fonts. */
const SHEET = "www/shell/styles/page.css";
const ALONE = ["www/shell/styles/noscript.css", "www/shell/styles/uplot.css"];
const VENDOR = "pkg/vendor";
const STIX = "pkg/vendor/stix";

const shared = /** @type {const} */ ({ bundle: true, minify: true, format: "esm", charset: "utf8", legalComments: "none", logLevel: "warning" });
/** What stands in a file of its own and is not taken into another. */
const apart = [EARLY, ...STRINGS].map((file) => resolve(file));

/** @type {import("esbuild").Plugin} */
const leaveApart = {
  name: "apart",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, kind }) => {
      const other = kind !== "entry-point" && apart.includes(resolve(resolveDir, path));
      return other ? { path, external: true } : undefined;
    });
  },
};

/**
 * The parts that are loaded one by one import all that the first screen has: so its modules are used by the same parts, and
 * become one file instead of one for each set of parts.
 * @param {Set<string>} parts @param {string[]} first
 * @returns {import("esbuild").Plugin}
 */
const together = (parts, first) => ({
  name: "together",
  setup({ onLoad }) {
    const imports = first.map((file) => `import ${JSON.stringify(resolve(file))};`).join("");
    onLoad({ filter: /\.js$/ }, async ({ path }) => (parts.has(path) ? { contents: imports + (await readFile(path, "utf8")) } : undefined));
  },
});

/** A file and all that it imports statically. @param {import("esbuild").Metafile["inputs"]} inputs @param {string} file */
function imported(inputs, file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { kind, path, external } of inputs[file]?.imports ?? []) if (kind === "import-statement" && !external) imported(inputs, path, seen);
  return seen;
}

/** The page's scripts, but the workers'. */
async function scripts() {
  const options = /** @type {const} */ ({ ...shared, outdir: join(into, "www"), outbase: "www", chunkNames: "shell/[name]-[hash]", splitting: true, metafile: true });
  const { metafile: { inputs } } = await build({ ...options, entryPoints: [MAIN], plugins: [leaveApart], write: false });
  const parts = Object.values(inputs).flatMap(({ imports }) => imports.filter(({ kind, external }) => kind === "dynamic-import" && !external).map(({ path }) => resolve(path)));
  const first = [...imported(inputs, MAIN)].filter((file) => file !== MAIN);
  const { metafile: { outputs } } = await build({ ...options, entryPoints: [MAIN], plugins: [leaveApart, together(new Set(parts), first)] });
  const here = (/** @type {string} */ file) => relative(into, file).replaceAll("\\", "/");
  const files = Object.fromEntries(Object.entries(outputs).map(([file, { imports }]) => [here(file), { imports: imports.map((one) => ({ ...one, path: here(one.path) })) }]));
  const opening = imported(/** @type {any} */ (files), MAIN);
  const of = Object.entries(outputs).flatMap(([file, { entryPoint }]) => (entryPoint ? [[entryPoint, here(file)]] : [])).sort();
  return { first: [...opening].sort(), later: Object.keys(files).filter((file) => !opening.has(file)).sort(), parts: Object.fromEntries(of) };
}

/** Each worker is loaded by its address, and holds all of its modules. */
async function workers() {
  const all = (await readdir("www", { recursive: true })).map((file) => join("www", file)).filter((file) => file.endsWith("worker.js"));
  await build({ ...shared, entryPoints: [...all, EARLY, ...STRINGS], outdir: join(into, "www"), outbase: "www", plugins: [leaveApart] });
}

async function sheets() {
  const linked = [...page.matchAll(/^<link rel="stylesheet" href="([^"]+)">$/gm)].map(([, file]) => `@import "./${file}";`);
  const options = { ...shared, external: ["*.woff2", "#*"] };
  await build({ ...options, stdin: { contents: linked.join("\n"), loader: "css", resolveDir: "." }, outfile: join(into, SHEET) });
  await build({ ...options, entryPoints: ALONE, outdir: join(into, "www"), outbase: "www" });
}

/** Fonts with the characters that the page can show, and no others. */
async function fonts() {
  const sheet = await readFile(join(into, SHEET), "utf8");
  const texts = [page];
  for (const file of (await readdir("www", { recursive: true })).sort()) if (file.endsWith(".js")) texts.push(await readFile(join("www", file), "utf8"));
  const range = (/** @type {number} */ from, /** @type {number} */ to) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i));
  // A letter by itself in a formula is slanted by the browser, which takes another character for it; and it draws the
  // sign of a root, which stands in no source.
  const formulas = ["\u221a", "\u210e", ...range(0x1d434, 0x1d467), ...range(0x1d6e2, 0x1d71b)];
  const characters = [...new Set([...texts.join(""), ...range(0x20, 0x7e), ...formulas])].sort().join("");
  await mkdir(join(into, "vendor/stix"), { recursive: true });
  await copyFile(join(STIX, "LICENSE"), join(into, "vendor/stix/LICENSE"));
  for (const name of new Set([...sheet.matchAll(/[\w-]+\.woff2/g)].map(String))) {
    await writeFile(join(into, "vendor/stix", name), await subsetFont(await readFile(join(STIX, name)), characters, { targetFormat: "woff2" }));
  }
}

async function plot() {
  const [from, to] = [join(VENDOR, "uplot"), join(into, "vendor/uplot")];
  await mkdir(to, { recursive: true });
  await copyFile(join(from, "LICENSE"), join(to, "LICENSE"));
  const { code } = await transform(await readFile(join(from, "uPlot.esm.js"), "utf8"), { minify: true, format: "esm", charset: "utf8" });
  await writeFile(join(to, "uPlot.esm.js"), code);
}

const modules = await scripts();
await workers();
await sheets();
await fonts();
await plot();
await writeFile(join(into, "pack.json"), `${JSON.stringify({ sheet: SHEET, ...modules }, null, 2)}\n`);
