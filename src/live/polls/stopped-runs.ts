import { digestOf, isActive, isIncomplete, type Run } from '../watched-run.ts';

/** Milliseconds for which a run that has stopped can still change, since it was first found as it is. */
const LATE_MS = 15_000;
/** Milliseconds for which what it lacks may come at any moment. */
const SOON_MS = 7_000;
/** When it is looked at again; one that lacks nothing not before `SOON_MS`. */
const LOOKS_MS = [1_000, 2_000, 4_000, SOON_MS, LATE_MS];
/** Milliseconds after which a run is over, even if the last look was not possible. */
const MAX_LATE_MS = 60_000;
/** Runs that are watched at most. */
const MAX_WATCHED = 256;

interface Stopped {
  /** As it was last. */
  readonly run: Run;
  /** When it was first found like that. */
  readonly since: number;
  readonly lookAt: number;
  readonly isOver: boolean;
}

/**
 * The runs that have stopped, and can still change: the runs API stores that a run has stopped first, its
 * duration and what became of its callback later, and until then shows the duration from before, if it had
 * stopped before. So a run that has stopped is watched until it was the same for 15 seconds. State that
 * outlives a request, of one poller: written by what the upstream says of its runs.
 */
export class StoppedRuns {
  readonly #now: () => number;
  readonly #stopped = new Map<string, Stopped>();

  /** @param now the time in milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Takes the current state of a run, as a list has it.
   *
   * @param askedAt a time before it was asked for
   * @param isNews whether a run that isn't watched has just stopped, as far as is known
   */
  update(run: Run, askedAt: number, isNews: () => boolean): void {
    const known = this.#stopped.get(run.id);
    if (isActive(run)) return this.remove(run.id);
    const isSame = known !== undefined && digestOf(known.run) === digestOf(run);
    if (known === undefined && !(isNews() && this.size < MAX_WATCHED)) return;
    const since = isSame ? known.since : this.#now();
    const elapsed = this.#now() - since;
    const look = looksAt(run).find((ms) => ms > elapsed);
    const isOver = (isSame && known.isOver) || askedAt - since >= LATE_MS;
    this.#stopped.set(run.id, { run, since, lookAt: since + (look ?? LATE_MS), isOver });
  }

  /** Takes that a run is gone. */
  remove(id: string): void {
    this.#stopped.delete(id);
  }

  /** Whether a run that has stopped can still change. */
  has(id: string): boolean {
    const stopped = this.#stopped.get(id);
    return stopped !== undefined && this.#isWatched(stopped);
  }

  /** The runs that can still change, but for those that have to be looked up. */
  get runs(): readonly Run[] {
    const now = this.#now();
    const watched = this.#stopped.values().filter((each) => this.#isWatched(each) && now < each.lookAt);
    return [...watched].map(({ run }) => run);
  }

  /** How many can still change. */
  get size(): number {
    return this.#stopped.values().reduce((sum, each) => sum + (this.#isWatched(each) ? 1 : 0), 0);
  }

  /** Whether one of them may change at any moment. */
  get isBusy(): boolean {
    const now = this.#now();
    return this.#stopped.values().some(({ since }) => now - since < SOON_MS);
  }

  /** Forgets runs that are over. @param isKnown whether it must be remembered that a run is, or it would begin anew */
  forget(isKnown: (id: string) => boolean): void {
    for (const id of this.#stopped.keys()) if (!this.has(id) && !isKnown(id)) this.#stopped.delete(id);
  }

  #isWatched({ since, isOver }: Stopped): boolean {
    return !isOver && this.#now() - since < MAX_LATE_MS;
  }
}

function looksAt(run: Run): readonly number[] {
  return isIncomplete(run) ? LOOKS_MS : LOOKS_MS.filter((ms) => ms >= SOON_MS);
}

/** Returns the requests for all further looks at a run that has stopped, if lists don't bring it. */
export function lateCost(run: Run): number {
  return 2 * looksAt(run).length;
}
