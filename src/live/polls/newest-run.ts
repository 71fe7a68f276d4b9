import type { RunsSource } from '../../runs/source.ts';
import { digestOf } from '../watched-run.ts';

/** The newest run that a caller can see: all its idle lists ask for it together. */
export class NewestRun {
  /** A digest of it; null if there is none, undefined before it was asked for. */
  last: number | null | undefined;
  #askedAt = 0;

  /** @param maxAgeMs milliseconds since when it must not have been asked for, or it isn't asked for again */
  async read(runs: RunsSource, maxAgeMs: number): Promise<number | null> {
    const askedAt = Date.now();
    if (this.last !== undefined && askedAt - this.#askedAt < maxAgeMs) return this.last;
    const [run] = await runs.rowsFollowing({ filter: {}, order: 'desc', after: null, limit: 1 });
    this.#askedAt = askedAt;
    return (this.last = run === undefined ? null : digestOf(run));
  }
}
