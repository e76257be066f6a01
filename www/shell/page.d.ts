import type { Translate } from "./language.js";
import type { Lab } from "./lab.js";
import type { Snapshot } from "../protocol.d.ts";
import type { Store } from "./state.js";
import type { Palette } from "./canvas.js";

/**
 * What every control gets: the record of choices, the laboratory, and what the one loop that draws has set
 * for this frame. A control listens once, and draws when it is told that something changed.
 */
export interface Page {
  store: Store;
  lab: Lab;
  /** Draws everything once more: something changed that is in no snapshot, such as what the pointer is at. */
  redraw(): void;
  /** In the language of the moment. */
  t: Translate;
  palette: Palette;
  dark: boolean;
  /** Canvases of the game that are on the screen; the others need not be drawn. */
  seen: ReadonlySet<Element>;
}

export interface Part {
  /** `before` is null when everything has to be drawn anew: language, colours, size or choices changed. */
  draw(next: Snapshot, before: Snapshot | null): void;
}
