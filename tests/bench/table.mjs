// Numbers as plain text.

/** Whole numbers as they are, others with three digits that count. */
export function number(value) {
  if (value === null || value === undefined) return "-";
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return value.toLocaleString("en");
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 4)).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",");
}

/** @param {string[]} heads @param {string[][]} rows first column to the left, the others to the right */
export function table(heads, rows) {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (row) =>
    row.map((text, i) => (i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join("  ").trimEnd();
  return [line(heads), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}

/** @param {any} contest as `play` gives it */
export function contestTable({ title, unit, rows }) {
  const heads = ["", `ms/${unit}`, "range", `${unit}s/s`, "GFLOP/s", "ours is faster", "rounds", "losses D, G: first", "last", "trains"];
  const body = rows.filter((row) => !row.failure).map((row) => {
    const losses = (pair) => pair.map((loss) => loss.toFixed(2)).join(", ");
    return [
      row.name,
      number(row.milliseconds),
      `${number(row.fastest)} .. ${number(row.slowest)}`,
      number(row.perSecond),
      row.gflops === null ? "" : number(row.gflops),
      row.ratio === null ? "" : `${number(row.ratio)} x`,
      `${row.rounds} x ${row.steps}`,
      losses(row.firstLosses),
      losses(row.lastLosses),
      row.training,
    ];
  });
  const failures = rows.filter((row) => row.failure).map((row) => `${row.name}: NOT MEASURED: ${row.failure}`);
  const best = rows.filter((row) => row.ratio !== null && row.ratio !== undefined).sort((a, b) => a.ratio - b.ratio)[0];
  const summary = best ? [`ours against the best of the others (${best.name}): ${number(best.ratio)} x`] : [];
  return [title, table(heads, body), ...failures, ...summary, ...callTable(unit, rows)].join("\n");
}

function callTable(unit, rows) {
  const counted = rows.filter((row) => row.calls);
  if (counted.length === 0) return [];
  const heads = [`WebGPU calls of one ${unit}`, "dispatches", "submits", "buffer writes", "bytes read back", "ms before the GPU's"];
  const body = counted.map(({ name, calls }) => [name, ...[calls.dispatches, calls.submits, calls.writes, calls.bytesRead, calls.host].map(number)]);
  return ["", table(heads, body)];
}
