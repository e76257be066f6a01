/**
 * Every string of the interface, in both languages under the same keys. The prose is in `www/text/`.
 */
import { en } from "./strings/en.js";
import { zh } from "./strings/zh.js";

export const strings = Object.freeze({ en: Object.freeze(en), zh: Object.freeze(zh) });
export { en, zh };

/** @typedef {keyof typeof en} Key */
