import { UpstreamError } from '../../errors/upstream-error.ts';

/** A limit larger than any list: the largest 32-bit integer, which self-hosted servers take. */
const WHOLE_LIST = 2 ** 31 - 1;
/** Milliseconds for which a refusal is remembered: the upstream may be given another limit. */
const REMEMBERED_MS = 60_000;
/** The sizes to which a proxy may silently cut a page. */
const USUAL_SIZES: ReadonlySet<number> = new Set([100, 200, 250, 1000]);

export interface PageSizesOptions {
  /** Called when the size of a page changes. */
  readonly onChange?: (size: number) => void;
  /** Returns the time in milliseconds. @default performance.now */
  readonly now?: () => number;
  /** Smaller limits are not learned, since they would make the lists of all callers expensive. @default 10 */
  readonly least?: number;
}

/**
 * The most rows that one upstream gives in a page of one list, which all callers share. It is learned from refusals of
 * limits that the gateway chose, and decides how many requests a list takes, never which rows it has.
 */
export class PageSizes {
  readonly #promised: number;
  readonly #options: PageSizesOptions;
  readonly #now: () => number;
  #learned = { size: 0, at: -Infinity };

  /** @param promised the `limit` that every server takes by its own documentation */
  constructor(promised: number, options: PageSizesOptions = {}) {
    this.#promised = promised;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** The size of a page at present. */
  get current(): number {
    return this.#wasRefusedLately ? this.#learned.size : this.#promised;
  }

  /**
   * Asks for a page of at most so many rows, and once for a smaller one if the upstream refuses the limit.
   *
   * @param ask is given the limit
   * @param most the largest limit that is tried until the upstream refuses one
   */
  async ask<Page>(
    rows: number,
    ask: (limit: number) => Promise<Page>,
    most = this.#promised,
  ): Promise<{ readonly page: Page; readonly limit: number }> {
    const limit = Math.min(rows, this.#wasRefusedLately ? this.#learned.size : most);
    try {
      return { page: await ask(limit), limit };
    } catch (error) {
      const smaller = this.#learn(limit, error);
      if (smaller === undefined) throw error;
      return { page: await ask(smaller), limit: smaller };
    }
  }

  /** Asks for a whole list; returns undefined if the upstream refuses, or has lately refused a limit. */
  async askWhole<List>(ask: (limit: number) => Promise<List>): Promise<List | undefined> {
    if (this.#wasRefusedLately) return undefined;
    try {
      return await ask(WHOLE_LIST);
    } catch (error) {
      if (this.#learn(WHOLE_LIST, error) === undefined) throw error;
      return undefined;
    }
  }

  /** Remembers and returns the smaller limit that an error names; undefined if it names none that is large enough. */
  #learn(limit: number, error: unknown): number | undefined {
    if (!(error instanceof UpstreamError)) return undefined;
    const max = error.refusedParameters.find(({ name }) => name === 'limit')?.max;
    const { least = 10, onChange } = this.#options;
    if (max === undefined || !Number.isSafeInteger(max) || max < least || max >= limit) return undefined;
    const isNew = this.#learned.size !== max;
    this.#learned = { size: max, at: this.#now() };
    if (isNew) onChange?.(max);
    return max;
  }

  get #wasRefusedLately(): boolean {
    return this.#now() - this.#learned.at < REMEMBERED_MS;
  }
}

/** Whether more rows may follow a page of so many rows, which only a further request can tell. */
export function mayBeCut(rows: number, limit: number): boolean {
  return rows >= limit || USUAL_SIZES.has(rows);
}
