/**
 * Every string of the interface, in both languages under the same keys. The prose is in `www/text/`.
 */
import { en as page } from "./strings/en.js";
import { latent } from "./strings/en/latent.js";
import { lessons } from "./strings/en/lessons.js";
import { theory } from "./strings/en/theory.js";
import { zh as pageZh } from "./strings/zh.js";
import { latent as latentZh } from "./strings/zh/latent.js";
import { lessons as lessonsZh } from "./strings/zh/lessons.js";
import { theory as theoryZh } from "./strings/zh/theory.js";

const en = { ...page, ...latent, ...lessons, ...theory };
const zh = { ...pageZh, ...latentZh, ...lessonsZh, ...theoryZh };

export const strings = Object.freeze({ en: Object.freeze(en), zh: Object.freeze(zh) });
export { en, zh };

/** @typedef {keyof typeof en} Key */
