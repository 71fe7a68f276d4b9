import { isActive, isIncomplete } from '../../runs/run-state.ts';
import type { Run } from '../../runs/run.ts';
import { digestOf } from '../digests.ts';

/** Milliseconds for which a stopped run can still change, from when it was first seen in its state. */
const LATE_MS = 15_000;
/** Milliseconds after a stop in which the duration is expected at any moment. */
const SOON_MS = 7_000;
/** Milliseconds after a stop at which a run is looked up; a run that lacks nothing, not before `SOON_MS`. */
const LOOKS_MS = [1_000, 2_000, 4_000, SOON_MS, LATE_MS];
/** Milliseconds after which a run is over, even if its last look-up failed. */
const MAX_LATE_MS = 60_000;
/** The most runs that are watched. */
const MAX_WATCHED = 256;

interface Stopped {
  /** The run as it was last seen. */
  readonly run: Run;
  /** When the run was first seen in this state. */
  readonly since: number;
  readonly lookAt: number;
  readonly isOver: boolean;
}

/**
 * The runs that have stopped, and can still change: the runs API stores first that a run has stopped, later its duration
 * and the outcome of its callback. So a stopped run is watched until it was the same for 15 seconds.
 */
export class StoppedRuns {
  readonly #stopped = new Map<string, Stopped>();

  /**
   * Takes the current state of a run, as a list has it.
   *
   * @param requestedAt when the run was requested, or earlier
   * @param isNews says of a run that isn't watched whether it has just stopped
   */
  update(run: Run, requestedAt: number, isNews: () => boolean): void {
    const tracked = this.#stopped.get(run.id);
    if (isActive(run)) return this.remove(run.id);
    if (tracked === undefined && (this.#stopped.size >= MAX_WATCHED || !isNews())) return;
    const isSame = tracked !== undefined && digestOf(tracked.run) === digestOf(run);
    const now = Date.now();
    const since = isSame ? tracked.since : now;
    const look = LOOKS_MS.find((ms) => ms > now - since && (ms >= SOON_MS || isIncomplete(run)));
    const isOver = (isSame && tracked.isOver) || requestedAt - since >= LATE_MS;
    this.#stopped.set(run.id, { run, since, lookAt: since + (look ?? LATE_MS), isOver });
  }

  remove(id: string): void {
    this.#stopped.delete(id);
  }

  /** Whether a run that has stopped can still change. */
  has(id: string): boolean {
    const stopped = this.#stopped.get(id);
    return stopped !== undefined && !stopped.isOver && Date.now() - stopped.since < MAX_LATE_MS;
  }

  /** The runs that can still change and whose next look-up isn't due. */
  get runs(): readonly Run[] {
    const all = [...this.#stopped.values()];
    return all.filter(({ run, lookAt }) => this.has(run.id) && Date.now() < lookAt).map(({ run }) => run);
  }

  /** Whether a run may change at any moment. */
  get isBusy(): boolean {
    return this.#stopped.values().some(({ since }) => Date.now() - since < SOON_MS);
  }

  /** Forgets runs that are over. @param isRead whether a run is still read: it must not begin anew */
  forget(isRead: (id: string) => boolean): void {
    for (const id of this.#stopped.keys()) if (!this.has(id) && !isRead(id)) this.remove(id);
  }
}
