import { hasEnded } from '../../runs/has-ended.ts';
import type { Run } from '../../runs/run.ts';
import type { RunsSource } from '../../runs/source.ts';
import { digestOf } from '../snapshots/snapshot.ts';
import type { Polled } from '../streams/hub.ts';
import { isActive } from './run-states.ts';
import { measured } from './selection.ts';
import { hasStoppedLately, isIncomplete, StoppedRuns } from './stopped-runs.ts';

/** One reader of the updates of a run. */
export interface RunReader {
  /** What it has been told; undefined before the first update, null once the run is gone. */
  told: number | null | undefined;
}

/**
 * Polls one run for its readers. Each of them gets its latest state, unless that is what it has been told.
 * A run that has ended is polled while it can still change; for the first time, not once it lacks nothing.
 */
export class RunPoller implements Polled<RunReader, Run | null> {
  readonly #runs: RunsSource;
  readonly #id: string;
  readonly #now: () => number;
  readonly #stopped: StoppedRuns;
  #latest: Run | null | undefined;
  #hadStopped = false;
  #isOver = false;

  /** @param now the time in milliseconds since 1970 */
  constructor(runs: RunsSource, id: string, now: () => number) {
    this.#runs = runs;
    this.#id = id;
    this.#now = now;
    this.#stopped = new StoppedRuns(now);
  }

  async poll() {
    const askedAt = this.#now();
    const run = await this.#runs.retrieve(this.#id);
    const latest = run && (await this.#measured(run));
    const before = this.#latest;
    if (before && latest && !isSameStop(before, latest)) this.#hadStopped ||= hadStopped(before);
    if (latest !== null) {
      this.#stopped.update(latest, askedAt, () => Boolean(before) || hasStoppedLately(latest, askedAt));
    }
    this.#latest = latest;
    this.#isOver = latest === null || (hasEnded(latest) && !this.#canChange(latest));
    const isBusy = latest !== null && (isActive(latest) || this.#stopped.isBusy);
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

  /** If it had stopped before, the duration that it has may be from then. */
  #canChange(run: Run): boolean {
    return this.#stopped.has(run.id) && (this.#hadStopped || isIncomplete(run));
  }

  /** While it is active it has the duration that it had before, if any. */
  async #measured(run: Run): Promise<Run> {
    const latest = this.#latest;
    if (!isActive(run) || latest === undefined || latest === null) return measured(run, this.#runs);
    return { ...run, totalDurationNs: latest.totalDurationNs, isDurationMeasured: true };
  }
}

function isSameStop(before: Run, { status, stopReason }: Run): boolean {
  return !isActive(before) && before.status === status && before.stopReason === stopReason;
}

/** Whether a run has stopped, or had before it went on. */
function hadStopped(run: Run): boolean {
  return !isActive(run) || run.completedAt !== null || run.totalDurationNs !== null;
}
