// The part of uPlot 1.6 that views/curves.js uses.

export interface Axis {
  stroke: () => string;
  grid?: { stroke: () => string; width: number };
  ticks?: { stroke: () => string; width: number; size?: number };
  font?: string;
  size?: number;
  space?: number;
  values?: (plot: uPlot, values: number[]) => string[];
}

export interface Series {
  label?: string;
  stroke?: () => string;
  width?: number;
  dash?: number[];
  points?: { show: boolean };
}

export interface Options {
  width: number;
  height: number;
  series: Series[];
  axes: Axis[];
  scales: Record<string, { time?: boolean; range?: [number | null, number | null] }>;
  legend: { show: boolean };
  cursor: { show: boolean };
}

export default class uPlot {
  constructor(options: Options, data: number[][], root: HTMLElement);
  setData(data: number[][]): void;
  setSize(size: { width: number; height: number }): void;
  redraw(rebuildPaths?: boolean): void;
  destroy(): void;
}
