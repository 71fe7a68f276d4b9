import { hasEnded } from '../runs/has-ended.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import { Completions } from './completion.ts';
import type { Polled } from './hub.ts';
import { isActive } from './run-states.ts';
import { digestOf, sightingOf } from './seen.ts';
import { measured } from './selection.ts';

/** One reader of the updates of a run. */
export interface RunReader {
  /** What it has been told; undefined before the first update, null once the run is gone. */
  told: number | null | undefined;
}

/**
 * Polls one run for its readers. Each of them gets its latest state, unless that is what it has been told.
 * A run that has ended is polled until it has its duration, or for so long that it won't have one.
 */
export class RunPoller implements Polled<RunReader, Run | null> {
  readonly #runs: RunsSource;
  readonly #id: string;
  readonly #completions: Completions;
  #latest: Run | null | undefined;
  #isOver = false;

  /** @param now the time in milliseconds since 1970 */
  constructor(runs: RunsSource, id: string, now: () => number) {
    this.#runs = runs;
    this.#id = id;
    this.#completions = new Completions(now);
  }

  async poll() {
    const run = await this.#runs.retrieve(this.#id);
    const latest = run && (await this.#measured(run));
    const before = this.#latest;
    if (latest !== null)
      this.#completions.update(latest, () => (before ? [sightingOf(before, true).tag] : []));
    this.#latest = latest;
    this.#isOver = latest === null || (hasEnded(latest) && !this.#completions.has(this.#id));
    const isBusy = latest !== null && (isActive(latest) || this.#completions.isBusy);
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
    return this.#isOver;
  }

  /** There is nothing to go on from: whoever comes again is told the state of the run. */
  cursorOf(): undefined {
    return undefined;
  }

  /** While it is active it has the duration that it had before, if any. */
  async #measured(run: Run): Promise<Run> {
    const latest = this.#latest;
    if (!isActive(run) || latest === undefined || latest === null) return measured(run, this.#runs);
    return { ...run, totalDurationNs: latest.totalDurationNs, isDurationMeasured: true };
  }
}
