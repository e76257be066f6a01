/**
 * An element that the page is known to have.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T} throws when there is none of this kind: the page and its script are not of one build
 */
export function get(id, kind) {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new Error(`index.html has no ${kind.name} with the id "${id}"`);
}

/**
 * Writes a text only where it differs, so that nothing is laid out again for an equal one.
 * @param {Element} element @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * A new element; what is said of it goes into attributes, and text stays text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} inside
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...inside);
  return element;
}

/** @param {string} id @returns {HTMLButtonElement} */
export const button = (id) => get(id, HTMLButtonElement);
/** @param {string} id @returns {HTMLInputElement} */
export const input = (id) => get(id, HTMLInputElement);
/** @param {string} id @returns {HTMLCanvasElement} */
export const canvas = (id) => get(id, HTMLCanvasElement);
/** @param {string} id @returns {HTMLElement} */
export const any = (id) => get(id, HTMLElement);

/**
 * Cells that hold a number, by the name in their `data-number`.
 * @param {Element} root
 * @returns {(name: string, text: string) => void}
 */
export function numbers(root) {
  const cells = new Map([...root.querySelectorAll("[data-number]")].map((cell) => [cell.getAttribute("data-number"), cell]));
  return (name, text) => {
    const cell = cells.get(name);
    if (cell) write(cell, text);
  };
}

/**
 * A number field that reports only values its own limits allow.
 * @param {HTMLInputElement} field @param {(value: number) => void} report
 */
export function onNumber(field, report) {
  field.addEventListener("change", () => {
    if (field.value !== "" && field.validity.valid) report(field.valueAsNumber);
  });
}

/** @returns {number} a seed nobody chose: 0..1,000,000, short enough to read out */
export const anySeed = () => Math.floor(Math.random() * 1_000_000);

/**
 * A button behind a status, for trying again what went wrong there.
 * @param {import("./page.d.ts").Page} page @param {Element} status @param {() => void} act
 * @returns {(shown: boolean) => void}
 */
export function retryButton(page, status, act) {
  const again = document.createElement("button");
  Object.assign(again, { type: "button", className: "again", hidden: true, textContent: page.t("retry") });
  again.dataset["t"] = "retry";
  again.addEventListener("click", act);
  status.after(again);
  return (shown) => showAgain(again, shown);
}

/** Whoever listens for "fault" on the page hears that something is to be tried again. @param {HTMLElement} again @param {boolean} shown */
export function showAgain(again, shown) {
  const begins = shown && again.hidden;
  again.hidden = !shown;
  if (begins) again.dispatchEvent(new Event("fault", { bubbles: true }));
}

/**
 * Says what goes on to those who listen: when it comes to another stage, and at each quarter of the way, while those who
 * look see every step of it. What it is at first is said by nobody.
 * @returns {(stage: string, share: number, text: string) => void}
 */
export function milestones() {
  /** @type {string | null} */
  let last = null;
  return (stage, share, text) => {
    const now = `${stage} ${Math.floor(4 * share)}`;
    if (last !== null && now !== last) write(any("announcer"), text);
    last = now;
  };
}

/**
 * Disables a button. The one that has the focus keeps it, and is only said to be disabled, until the focus goes on: else
 * whoever works by keyboard would be thrown back to the start of the page.
 * @param {HTMLButtonElement} control @param {boolean} disabled
 */
export function disable(control, disabled) {
  if (!disabled) {
    control.removeAttribute("aria-disabled");
    control.disabled = false;
  } else if (document.activeElement !== control) control.disabled = true;
  else if (control.getAttribute("aria-disabled") !== "true") {
    control.setAttribute("aria-disabled", "true");
    control.addEventListener("blur", () => {
      if (control.getAttribute("aria-disabled") !== "true") return;
      control.removeAttribute("aria-disabled");
      control.disabled = true;
    }, { once: true });
  }
}

/** @type {EventTarget | null} */
let pressed = null;
if (typeof document === "object") {
  // Before any of its own listeners hears of it.
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element && event.target.closest('[aria-disabled="true"]'))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("pointerdown", ({ target }) => (pressed = target), true);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (pressed = null), true);
}

/**
 * Whether somebody is at this control now, so that it must not be set under their hand. Some browsers do not focus a
 * slider that is dragged.
 * @param {Element} control
 */
export const inHand = (control) => control === pressed || document.activeElement === control;
