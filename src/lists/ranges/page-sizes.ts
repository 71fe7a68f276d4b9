import { UpstreamError } from '../../errors/upstream-error.ts';

/** What an API promises of the pages of a list. */
export interface PromisedPages {
  /** The `limit` that every server takes by its own documentation. */
  readonly limit: number;
  /** Shorter pages aren't doubted, so that short lists take one request. */
  readonly leastDoubted: number;
}

/** Larger than any list: the largest that the types of self-hosted servers hold. */
const WHOLE_LIST = 2 ** 31 - 1;

/**
 * What is known about the sizes of pages that one upstream gives for one list. All callers share it. It is written from the upstream's answers alone: by a refusal that names a smaller limit
 * than the one that the gateway chose, by the length of pages, and by pages that were cut short one after the
 * other. It decides how many requests a list takes, and never what is in it.
 */
export interface PageSizes {
  /** The size of a page at present, for operators. */
  readonly current: number;
  /** Whether the upstream takes any limit, and so gives a whole list; undefined as long as that isn't known. */
  readonly givesWhole: boolean | undefined;
  /**
   * Asks for a page of at most so many rows, and for a smaller one where the upstream refuses its limit.
   *
   * @param ask is given the limit
   */
  ask<Page>(rows: number, ask: (limit: number) => Promise<Page>): Promise<SizedPage<Page>>;
  /** Asks for a whole list; returns undefined where the upstream refuses. */
  askWhole<List>(ask: (limit: number) => Promise<List>): Promise<List | undefined>;
  /**
   * Returns the size at which a page that is shorter than its limit may have been cut without a word, if it has
   * the length of one, and no longer page has come lately. Only a request for what follows can tell.
   *
   * @param most the most rows that it may have, if that isn't known exactly
   */
  doubtedSize(rows: number, most?: number): number | undefined;
  /** Records that a page had so many rows. */
  record(rows: number): void;
  /** Records that pages were cut at a doubted size. */
  recordCut(size: number): void;
}

interface SizedPage<Page> {
  readonly page: Page;
  readonly limit: number;
}

export interface PageSizesOptions {
  /** Called when the size of a page changes. */
  readonly onChange?: (size: number) => void;
  /** Returns the time in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** How long something is remembered, in milliseconds: the upstream may be given another limit. */
const REMEMBERED_MS = 60_000;
/** Refusals in a row, each with a smaller limit than the one before it. */
const MAX_REFUSALS = 4;
/** The sizes of pages that APIs and proxies allow. */
const USUAL_SIZES = [50, 100, 200, 250, 1000, 2000, 5000, 10_000];

interface Remembered {
  readonly value: number;
  readonly since: number;
}

export function createPageSizes(
  { limit: promised, leastDoubted }: PromisedPages,
  { onChange, now = Date.now }: PageSizesOptions = {},
): PageSizes {
  let learned: Remembered | undefined;
  let whole: Remembered | undefined;
  let longest: Remembered | undefined;
  const recall = (remembered: Remembered | undefined): number | undefined =>
    remembered !== undefined && now() - remembered.since < REMEMBERED_MS ? remembered.value : undefined;
  const current = (): number => recall(learned) ?? promised;
  const learn = (value: number): void => {
    const isNew = learned?.value !== value;
    learned = { value, since: now() };
    if (isNew) onChange?.(value);
  };
  /** Whether an error says which smaller limit to ask for; it is then remembered. */
  const isLearned = (limit: number, error: unknown): boolean => {
    const largest = largestLimitOf(error);
    if (largest === undefined || largest < 1 || largest >= limit) return false;
    learn(largest);
    return true;
  };
  return {
    get current() {
      return current();
    },
    get givesWhole() {
      if (recall(learned) !== undefined) return false;
      return recall(whole) === undefined ? undefined : true;
    },
    async ask(rows, ask) {
      for (let refusals = 0; ; refusals++) {
        const limit = Math.min(rows, current());
        try {
          // oxlint-disable-next-line no-await-in-loop -- Each limit follows from the refusal of the one before it.
          return { page: await ask(limit), limit };
        } catch (error) {
          if (!isLearned(limit, error) || refusals === MAX_REFUSALS) throw error;
        }
      }
    },
    async askWhole(ask) {
      try {
        const list = await ask(WHOLE_LIST);
        whole = { value: WHOLE_LIST, since: now() };
        return list;
      } catch (error) {
        if (!isLearned(WHOLE_LIST, error)) throw error;
        return undefined;
      }
    },
    doubtedSize(rows, most = rows) {
      const least = Math.max(rows, recall(longest) ?? 0, leastDoubted);
      return USUAL_SIZES.find((size) => size >= least && size <= most);
    },
    record(rows) {
      if (rows >= (recall(longest) ?? 0)) longest = { value: rows, since: now() };
    },
    recordCut(size) {
      longest = undefined;
      learn(size);
    },
  };
}

/** Returns the largest limit that the upstream takes, if it refused the one that it was sent. */
export function largestLimitOf(error: unknown): number | undefined {
  if (!(error instanceof UpstreamError)) return undefined;
  const max = error.refusedParameters.find(({ name }) => name === 'limit')?.max;
  return Number.isSafeInteger(max) ? max : undefined;
}
