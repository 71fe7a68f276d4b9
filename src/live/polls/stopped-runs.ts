import { isActive, isIncomplete } from '../../runs/run-state.ts';
import type { Run } from '../../runs/run.ts';
import { digested, digestOf } from '../digests.ts';
import { LATE_MS, MAX_LATE } from '../limits.ts';

/** Milliseconds after a stop in which the duration is expected at any moment. */
const SOON_MS = 7_000;
/** Milliseconds after a stop at which a run is looked up; a run that lacks nothing, not before `SOON_MS`. */
const LOOKS_MS = [1_000, 2_000, 4_000, SOON_MS, LATE_MS];

interface Stopped {
  /** The run as it was last seen. */
  readonly run: Run;
  /** When the run was first seen in this state. */
  readonly since: number;
  readonly lookAt: number;
}

/**
 * The runs that have stopped, and can still change: the runs API stores the duration and the outcome of the callback
 * later. A run that lacks one is late until a poll that began 15 seconds later finds it unchanged.
 *
 * `polledAt` is when a poll began, by `performance.now()`: what the poll reads may be as old.
 */
export class StoppedRuns {
  readonly #stopped = new Map<string, Stopped>();

  /**
   * Takes the current state of a run, as a list has it.
   *
   * @param isNews says of a run that isn't watched whether it has just stopped
   */
  update(run: Run, isNews: () => boolean): void {
    const tracked = this.#stopped.get(run.id);
    if (isActive(run)) return this.remove(run.id);
    if (tracked === undefined && (this.#stopped.size >= MAX_LATE || !isNews())) return;
    const isSame = tracked !== undefined && digestOf(tracked.run) === digestOf(run);
    const now = performance.now();
    const since = isSame ? tracked.since : now;
    const look = LOOKS_MS.find((ms) => ms > now - since && (ms >= SOON_MS || isIncomplete(run)));
    this.#stopped.set(run.id, { run, since, lookAt: since + (look ?? LATE_MS) });
  }

  remove(id: string): void {
    this.#stopped.delete(id);
  }

  /** Whether a run that has stopped can change after this poll. */
  has(id: string, polledAt: number): boolean {
    const stopped = this.#stopped.get(id);
    return stopped !== undefined && polledAt - stopped.since < LATE_MS && canChange(stopped.run);
  }

  /** The runs that can still change and whose next look-up isn't due. */
  waiting(polledAt: number): readonly Run[] {
    const all = [...this.#stopped.values()];
    return all.filter(({ lookAt }) => polledAt < lookAt).map(({ run }) => run);
  }

  /** Whether a run may change at any moment. */
  isBusy(polledAt: number): boolean {
    return this.#stopped.values().some(({ since }) => polledAt - since < SOON_MS);
  }

  /** Estimated bytes of memory. */
  get bytes(): number {
    return this.#stopped.values().reduce((sum, { run }) => sum + digested(run).bytes, 0);
  }

  /** Forgets runs that can't change any more, unless `isRead` says that they are still read: they would be added again. */
  forget(polledAt: number, isRead: (id: string) => boolean): void {
    for (const id of this.#stopped.keys()) if (!this.has(id, polledAt) && !isRead(id)) this.remove(id);
  }
}

/** Whether a run may still change. A paused run may be cancelled, and have the duration of its pause at first. */
export function canChange(run: Run): boolean {
  return isIncomplete(run) || run.status === 'cancelled' || run.stopReason === 'requires_approval';
}
