import type { RunFilter } from '../../runs/run-filters.ts';
import type { RunsSource } from '../../runs/source.ts';
import { digestOf } from '../watched-run.ts';

/** Asks for the newest run of a list, and returns a digest of it; null if there is none. */
export async function newestIn(runs: RunsSource, filter: RunFilter): Promise<number | null> {
  const [run] = await runs.rowsFollowing({ filter, order: 'desc', after: null, limit: 1 });
  return run === undefined ? null : digestOf(run);
}

/**
 * The newest run that a caller can see: all its idle lists ask for it together. State that outlives a
 * request: written by what the upstream says to this caller.
 */
export class NewestRun {
  /** A digest of it; null if there is none, undefined before it was asked for. */
  last: number | null | undefined;
  #askedAt = -Infinity;

  /** @param maxAgeMs milliseconds since when it must not have been asked for, or it isn't asked for again */
  async read(runs: RunsSource, now: () => number, maxAgeMs: number): Promise<number | null> {
    const { last } = this;
    if (last !== undefined && now() - this.#askedAt < maxAgeMs) return last;
    const askedAt = now();
    this.last = await newestIn(runs, {});
    this.#askedAt = askedAt;
    return this.last;
  }
}
