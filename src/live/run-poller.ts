import { hasEnded } from '../runs/has-ended.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import { isActive } from './changes.ts';
import type { Polled } from './hub.ts';
import { digestOf } from './seen.ts';

/** One reader of the updates of a run. */
export interface RunReader {
  /** What it has been told; undefined before the first update, null once the run is gone. */
  told: number | null | undefined;
}

/** Polls one run for its readers. Each of them gets its latest state, unless that is what it has been told. */
export class RunPoller implements Polled<RunReader, Run | null> {
  readonly #runs: RunsSource;
  readonly #id: string;
  #latest: Run | null | undefined;

  constructor(runs: RunsSource, id: string) {
    this.#runs = runs;
    this.#id = id;
  }

  async poll() {
    this.#latest = await this.#runs.retrieve(this.#id);
    const isBusy = this.#latest !== null && isActive(this.#latest);
    return { isBusy, lost: new Map<RunReader, Error>() };
  }

  /** Returns what is new for a reader: the run, or null once it is gone. */
  next(reader: RunReader): { readonly event: Run | null } | undefined {
    const latest = this.#latest;
    if (latest === undefined) return undefined;
    const state = latest === null ? null : digestOf(latest);
    if (state === reader.told) return undefined;
    reader.told = state;
    return { event: latest };
  }

  /** Whether nothing more is to come: the run has ended for good, or there is none. */
  get isOver(): boolean {
    return this.#latest !== undefined && (this.#latest === null || hasEnded(this.#latest));
  }

  /** There is nothing to go on from: whoever comes again is told the state of the run. */
  cursorOf(): undefined {
    return undefined;
  }
}
