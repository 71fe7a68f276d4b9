import type { Run } from '../runs/run.ts';
import { type RunState, stateOf } from './run-states.ts';
import { ANY_TAG, tagOf } from './seen.ts';

/** Milliseconds for which a run that has stopped is watched for what comes late. */
const MAX_LATE_MS = 15_000;
/** Milliseconds for which it may come at any moment. */
const SOON_MS = 6_000;
/** Milliseconds after which nothing comes, if it isn't known when the run stopped but by its own account. */
const LONG_AGO_MS = 600_000;
/** Milliseconds until a run is looked up again, and by how much each further look is later. */
const FIRST_LOOK_MS = 1_000;
const GROWTH = 1.5;
/** Runs that are watched for it at most. */
const MAX_WATCHED = 256;

/** The states in which a run may have been before, or still is while it is incomplete. */
const BEFORE_STOPPED: readonly RunState[] = ['active', 'waiting', 'stopped'];
const BEFORE_WAITING: readonly RunState[] = ['active', 'stopped'];

interface Stopped {
  /** As it was last. */
  readonly run: Run;
  /** When it was found to have stopped. */
  readonly since: number;
  readonly lookAt: number;
  /** The duration that it has from before it went on, if that is why it is incomplete. */
  readonly oldDurationNs: number | null;
}

/**
 * The runs that have stopped, but lack something: the runs API stores that a run has stopped first, its
 * duration and what became of its callback later. State that outlives a request, of one poller: written
 * by what the upstream says of its runs.
 */
export class Completions {
  readonly #now: () => number;
  readonly #stopped = new Map<string, Stopped>();

  /** @param now the time in milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Takes the current state of a run, as a list has it.
   *
   * @param tagsOf the tags that it had, where it has been seen before
   */
  update(run: Run, tagsOf: (run: Run) => readonly number[]): void {
    const { id } = run;
    const known = this.#stopped.get(id);
    const state = stateOf(run);
    const hasOldDuration = state !== 'active' && this.#hasOldDuration(run, state, known, tagsOf);
    if (state === 'active' || !(hasOldDuration || this.#isIncomplete(run, state, known))) {
      this.#stopped.delete(id);
      return;
    }
    if (known === undefined && this.#stopped.size >= MAX_WATCHED) return;
    const now = this.#now();
    const since = known?.since ?? now;
    const lookAt = Math.max(now + FIRST_LOOK_MS, since + (now - since) * GROWTH);
    const oldDurationNs = hasOldDuration ? run.totalDurationNs : null;
    this.#stopped.set(id, { run, since, lookAt, oldDurationNs });
  }

  /** Whether something of a run is still expected. */
  has(id: string): boolean {
    const stopped = this.#stopped.get(id);
    return stopped !== undefined && this.#now() - stopped.since < MAX_LATE_MS;
  }

  /** The runs of which something is expected, but for those that have to be looked up. */
  get runs(): readonly Run[] {
    const now = this.#now();
    const runs = [...this.#stopped.values()];
    return runs.filter(({ run, lookAt }) => this.has(run.id) && now < lookAt).map(({ run }) => run);
  }

  /** Whether something may come at any moment. */
  get isBusy(): boolean {
    const now = this.#now();
    return this.#stopped.values().some(({ since }) => now - since < SOON_MS);
  }

  /** Forgets what is over, but for runs that lists still bring: they don't begin anew. */
  forget(isListed: (id: string) => boolean): void {
    for (const id of this.#stopped.keys()) if (!this.has(id) && !isListed(id)) this.#stopped.delete(id);
  }

  /** Whether its duration, or that it has none, is what it had before it stopped. */
  #hasOldDuration(
    run: Run,
    state: RunState,
    known: Stopped | undefined,
    tagsOf: (run: Run) => readonly number[],
  ): boolean {
    const { totalDurationNs } = run;
    if (known !== undefined) return known.oldDurationNs !== null && known.oldDurationNs === totalDurationNs;
    const states = state === 'stopped' ? BEFORE_STOPPED : BEFORE_WAITING;
    const tags = states.map((before) => tagOf(before, totalDurationNs));
    return tagsOf(run).some((tag) => tag === ANY_TAG || tags.includes(tag));
  }

  #isIncomplete(run: Run, state: RunState, known: Stopped | undefined): boolean {
    const { totalDurationNs, callbackUrl, callbackSentAt, completedAt } = run;
    if (totalDurationNs !== null && (callbackUrl === null || callbackSentAt !== null)) return false;
    if (known !== undefined) return true;
    if (completedAt === null) return state === 'stopped';
    return Math.abs(this.#now() - Date.parse(completedAt)) < LONG_AGO_MS;
  }
}
