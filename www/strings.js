/**
 * Every string of the interface, in both languages under the same keys. The prose is in `www/text/`.
 */
import { en as page } from "./strings/en.js";
import { theory } from "./strings/en/theory.js";
import { zh as pageZh } from "./strings/zh.js";
import { theory as theoryZh } from "./strings/zh/theory.js";

const en = { ...page, ...theory };
const zh = { ...pageZh, ...theoryZh };

export const strings = Object.freeze({ en: Object.freeze(en), zh: Object.freeze(zh) });
export { en, zh };

/** @typedef {keyof typeof en} Key */
