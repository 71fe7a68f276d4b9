import { readRange } from '../../lists/ranges/read-range.ts';
import type { RunsSource } from '../../runs/runs-source.ts';
import { digestOf } from '../digests.ts';

/** Milliseconds for which the newest run isn't read again. */
const MAX_AGE_MS = 1_000;

/** The newest run that a caller can see, read once for all idle lists of the caller. */
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
