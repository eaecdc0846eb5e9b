import type { Scope } from '../../infrastructure/process/scope.js';
import type { Figure } from './figures.js';

/** What the caller of a run may choose. */
export type RunOptions = {
  /** Orders that are measured, after the warm-up. */
  readonly orders: number;
  /** A folder for processor profiles of the stack's processes; null for none (profiling costs a little itself). */
  readonly profileDirectory: string | null;
};

/** What a part works with. */
export type Workbench = {
  /** Everything that a part opens is registered here at once: it is released at the end, and on Ctrl-C. */
  readonly scope: Scope;
  readonly options: RunOptions;
  /** One line of progress. */
  readonly say: (line: string) => void;
  /** Tells a figure as soon as it is known, so that a later failure does not lose it. */
  readonly record: (name: string, value: number | null, unit: string, aim?: Figure['aim']) => void;
};

/** One part of the benchmark; runs in a process of its own and rejects when it cannot be measured. */
export type Part = {
  readonly name: string;
  readonly about: string;
  /** After this many seconds the part is given up. */
  readonly limitSeconds: number;
  readonly needsRegistry?: boolean;
  readonly run: (bench: Workbench) => Promise<void>;
};
