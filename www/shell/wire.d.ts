// What travels on a line between the page and one of its workers.

import type { ErrorCode } from "../types.d.ts";

/** One kind of question. `progress`: what is told while it is under way. */
export interface Question { asks: unknown; answer: unknown; progress?: unknown }

/** What a handler gets besides the question. */
export interface Turn<P = unknown> {
  /** Aborted when nobody wants the answer any more. */
  signal: AbortSignal;
  progress(progress: P, transfer?: Transferable[]): void;
}

/** What a worker does with each kind of question. */
export type Handlers<Q extends { [K in keyof Q]: Question }> = {
  [K in keyof Q]: (asks: Q[K]["asks"], turn: Turn<Q[K]["progress"]>) => Q[K]["answer"] | Promise<Q[K]["answer"]>;
};

/** What any worker says of an error. `message`: for people, English; `code`: for programs, "" where the error has none. */
export interface Failure {
  message: string;
  code: ErrorCode | "";
  /** The module's memory can no longer be trusted: start another worker. */
  panic: boolean;
}

/** To the worker. The question "open" has the id 0 and comes first. */
export type Sent = { id: number; type: string; asks: unknown } | { id: number; abort: true };

/** From the worker: the answer to a question, its failure, how far it is; what nobody asked for; or its end. */
export type Heard =
  | { id: number; answer: unknown }
  | { id: number; failure: Failure }
  | { id: number; progress: unknown }
  | { news: unknown }
  | { end: Failure };
