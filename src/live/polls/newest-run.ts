import { readRange } from '../../lists/ranges/read-range.ts';
import type { RunsSource } from '../../runs/source.ts';
import { digestOf } from '../watched-run.ts';

/** Milliseconds for which the newest run isn't asked for again. */
const MAX_AGE_MS = 1_000;

/** The newest run that a caller can see: all its idle lists ask for it together. */
export class NewestRun {
  /** The digest of the newest run; null if there are no runs, undefined before the first request. */
  last: string | null | undefined;
  #askedAt = 0;

  async read(runs: RunsSource): Promise<string | null> {
    const askedAt = Date.now();
    if (this.last !== undefined && askedAt - this.#askedAt < MAX_AGE_MS) return this.last;
    const [run] = await readRange({ filter: {}, order: 'desc', after: null, limit: 1 }, runs);
    this.#askedAt = askedAt;
    return (this.last = run === undefined ? null : digestOf(run));
  }
}
