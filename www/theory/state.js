/** Values of the text's live figures as one field of the state record: those that differ from their defaults. */

/** @typedef {Readonly<Record<string, number>>} Figures  by figure and field, such as `pair.pMean` */

/** More than all fields of all figures together. */
const MOST = 100;

/** @type {import("../shell/fields.js").Field<Figures>} in a link `fig=pair.pMean~1.5_kl.qWidth~2`; each figure keeps its own limits */
export const FIGURES = {
  key: "fig",
  initial: Object.freeze({}),
  read(text) {
    const parts = text.split("_").map((part) => /^([a-z0-9]+\.[A-Za-z0-9]+)~(-?\d{1,6}(?:\.\d{1,6})?)$/.exec(part));
    if (parts.length > MOST || parts.some((part) => part === null)) return undefined;
    return Object.freeze(Object.fromEntries(parts.map((part) => [part?.[1], Number(part?.[2])])));
  },
  write: (figures) => Object.entries(figures).map(([name, value]) => `${name}~${Number(value.toFixed(6))}`).join("_"),
};

/** @param {Figures} figures @param {string} id @returns {Record<string, number>} one figure's, by field */
export function ofFigure(figures, id) {
  const own = Object.entries(figures).filter(([name]) => name.startsWith(`${id}.`));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(id.length + 1), value]));
}

/**
 * @param {Figures} figures @param {string} id
 * @param {readonly {name: string, value: number}[]} fields with their defaults
 * @param {Figures} values of that figure
 * @returns {Figures} with that figure's values in place of those it had
 */
export function withFigure(figures, id, fields, values) {
  const others = Object.entries(figures).filter(([name]) => !name.startsWith(`${id}.`));
  const own = fields.filter(({ name, value }) => values[name] !== value).map(({ name }) => [`${id}.${name}`, values[name]]);
  return Object.freeze(Object.fromEntries([...others, ...own]));
}
