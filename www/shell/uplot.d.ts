// The part of uPlot 1.6 that curves.js uses.

export interface Axis {
  stroke: () => string;
  grid?: { stroke: () => string; width: number };
  ticks?: { stroke: () => string; width: number; size?: number };
  font?: string;
  size?: number;
  space?: number;
  values?: (plot: uPlot, values: (number | null)[]) => string[];
}

export interface Series {
  label?: string;
  stroke?: () => string;
  width?: number;
  dash?: number[];
  alpha?: number;
  points?: { show: boolean };
  spanGaps?: boolean;
}

export interface Scale {
  time?: boolean;
  range?: [number | null, number | null];
  /** 3: logarithmic. */
  distr?: 1 | 3;
}

export interface Options {
  width: number;
  height: number;
  series: Series[];
  axes: Axis[];
  scales: Record<string, Scale>;
  legend: { show: boolean };
  cursor: {
    show: boolean;
    x?: boolean; y?: boolean;
    points?: { size: number };
    drag?: { x: boolean; y: boolean; setScale: boolean };
  };
  hooks?: {
    setCursor?: ((plot: uPlot) => void)[];
    setSelect?: ((plot: uPlot) => void)[];
    draw?: ((plot: uPlot) => void)[];
  };
}

export type Data = (number | null)[][];

export default class uPlot {
  constructor(options: Options, data: Data, root: HTMLElement);
  readonly data: Data;
  readonly ctx: CanvasRenderingContext2D;
  /** In pixels of the canvas. */
  readonly bbox: { left: number; top: number; width: number; height: number };
  readonly cursor: { idx: number | null; left: number; top: number };
  readonly select: { left: number; width: number };
  readonly scales: Record<string, { min: number; max: number }>;
  setData(data: Data, resetScales?: boolean): void;
  setScale(key: string, limits: { min: number; max: number }): void;
  setSize(size: { width: number; height: number }): void;
  setCursor(place: { left: number; top: number }): void;
  valToPos(value: number, scale: string, canvasPixels?: boolean): number;
  posToVal(position: number, scale: string): number;
  batch(act: () => void): void;
  redraw(rebuildPaths?: boolean): void;
  destroy(): void;
}
