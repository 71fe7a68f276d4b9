import { Counts } from '../memory/counts.ts';

/** What is counted of the operations with one name, of one caller, and so on. */
export interface Totals {
  operations: number;
  errors: number;
  seconds: number;
  upstreamRequests: number;
}

interface Series extends Totals {
  /** What it is about, as the values of its labels. */
  readonly labels: readonly string[];
  readonly owner: string;
  usedAt: number;
}

export interface NamedSeriesOptions {
  readonly max: number;
  /** Of one owner. */
  readonly maxOfOne: number;
}

const OTHER = 'other';
/** Milliseconds without use after which a series gives way to a new one. */
const UNUSED_MS = 600_000;
/** How often that is looked for. */
const CHECK_MS = 60_000;

/**
 * Totals by names that clients choose. Written by every caller: whoever comes first gets a series, but nobody more than
 * his part. Everything beyond is counted as `other`; so no names can make the metrics grow.
 */
export class NamedSeries {
  readonly #options: NamedSeriesOptions;
  readonly #byName = new Map<string, Map<string, Series>>();
  readonly #owned = new Counts();
  readonly #other: Series;
  #size = 0;
  #checkedAt = 0;

  /** @param labels how many labels a series has: one or two */
  constructor(labels: 1 | 2, options: NamedSeriesOptions) {
    this.#options = options;
    this.#other = seriesOf(labels === 1 ? [OTHER] : [OTHER, OTHER], '', 0);
  }

  /** Returns where to count. @param second the value of the second label; empty if there is none. @param now in milliseconds */
  totalsOf(owner: string, first: string, second: string, now: number): Totals {
    const series = this.#byName.get(first)?.get(second) ?? this.#create(owner, first, second, now);
    series.usedAt = now;
    return series;
  }

  *[Symbol.iterator](): Generator<Readonly<Series>> {
    for (const own of this.#byName.values()) yield* own.values();
    yield this.#other;
  }

  #create(owner: string, first: string, second: string, now: number): Series {
    if (this.#size >= this.#options.max) this.#makeRoom(now);
    const isFull = this.#size >= this.#options.max || this.#owned.get(owner) >= this.#options.maxOfOne;
    if (isFull) return this.#other;
    const series = seriesOf(this.#other.labels.length === 1 ? [first] : [first, second], owner, now);
    const own = this.#byName.get(first) ?? new Map<string, Series>();
    this.#byName.set(first, own.set(second, series));
    this.#owned.add(owner, 1);
    this.#size++;
    return series;
  }

  #makeRoom(now: number): void {
    if (now - this.#checkedAt < CHECK_MS) return;
    this.#checkedAt = now;
    for (const [first, own] of this.#byName) {
      for (const [second, { owner, usedAt }] of own) {
        if (now - usedAt < UNUSED_MS) continue;
        own.delete(second);
        this.#owned.add(owner, -1);
        this.#size--;
      }
      if (own.size === 0) this.#byName.delete(first);
    }
  }
}

function seriesOf(labels: readonly string[], owner: string, usedAt: number): Series {
  return { labels, owner, usedAt, operations: 0, errors: 0, seconds: 0, upstreamRequests: 0 };
}
