import { UpstreamError } from '../../errors/upstream-error.ts';

/** The lists that are read in pages, each with the `limit` that every server's own documentation promises. */
const PROMISED = { runs: 1000, steps: 200, messages: 200 } as const;
export type ListKind = keyof typeof PROMISED;

/** Larger than any list: the largest that the types of self-hosted servers hold. */
const WHOLE_LIST = 2 ** 31 - 1;

/**
 * What is known about the sizes of pages that one upstream gives, for each kind of list by itself. All
 * callers share it. It is written from the upstream's answers alone: by a refusal that names a smaller limit
 * than the one that the gateway chose, by the length of pages, and by pages that were cut short one after the
 * other. It decides how many requests a list takes, and never what is in it.
 */
export interface PageSizes {
  /** The size of a page of each kind of list at present, for operators. */
  readonly current: Readonly<Record<ListKind, number>>;
  /** Whether the upstream takes any limit, and so gives a whole list; undefined as long as that isn't known. */
  givesWhole(kind: ListKind): boolean | undefined;
  /**
   * Asks for a page of at most so many rows, and for a smaller one where the upstream refuses its limit.
   *
   * @param ask is given the limit
   */
  ask<Page>(kind: ListKind, rows: number, ask: (limit: number) => Promise<Page>): Promise<SizedPage<Page>>;
  /** Asks for a whole list; returns undefined where the upstream refuses. */
  askWhole<List>(kind: ListKind, ask: (limit: number) => Promise<List>): Promise<List | undefined>;
  /**
   * Returns the size at which a page that is shorter than its limit may have been cut without a word, if it has
   * the length of one, and no longer page has come lately. Only a request for what follows can tell.
   *
   * @param most the most rows that it may have, if that isn't known exactly
   */
  doubtedSize(kind: ListKind, rows: number, most?: number): number | undefined;
  /** Records that a page had so many rows. */
  record(kind: ListKind, rows: number): void;
  /** Records that pages were cut at a doubted size. */
  recordCut(kind: ListKind, size: number): void;
}

interface SizedPage<Page> {
  readonly page: Page;
  readonly limit: number;
}

export interface PageSizesOptions {
  /** Called when the size of a page changes. */
  readonly onChange?: (kind: ListKind, size: number) => void;
  /** Returns the time in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** How long something is remembered, in milliseconds: the upstream may be given another limit. */
const REMEMBERED_MS = 60_000;
/** Refusals in a row, each with a smaller limit than the one before it. */
const MAX_REFUSALS = 4;
/** The sizes of pages that APIs and proxies allow. */
const USUAL_SIZES = [100, 200, 250, 1000, 2000, 5000, 10_000];
/** Shorter pages aren't doubted, so that short lists take one request: for runs, the API's own default. */
const LEAST_DOUBTED = { ...PROMISED, runs: 100 } as const;

interface Remembered {
  readonly value: number;
  readonly since: number;
}

export function createPageSizes({ onChange, now = Date.now }: PageSizesOptions = {}): PageSizes {
  const limits = new Map<ListKind, Remembered>();
  const wholes = new Map<ListKind, Remembered>();
  const longest = new Map<ListKind, Remembered>();
  const recall = (memory: Map<ListKind, Remembered>, kind: ListKind): number | undefined => {
    const remembered = memory.get(kind);
    return remembered !== undefined && now() - remembered.since < REMEMBERED_MS
      ? remembered.value
      : undefined;
  };
  const sizeOf = (kind: ListKind): number => recall(limits, kind) ?? PROMISED[kind];
  const learn = (kind: ListKind, value: number): void => {
    const isNew = limits.get(kind)?.value !== value;
    limits.set(kind, { value, since: now() });
    if (isNew) onChange?.(kind, value);
  };
  /** Whether an error says which smaller limit to ask for; it is then remembered. */
  const isLearned = (kind: ListKind, limit: number, error: unknown): boolean => {
    const largest = largestLimitOf(error);
    if (largest === undefined || largest < 1 || largest >= limit) return false;
    learn(kind, largest);
    return true;
  };
  return {
    get current() {
      return { runs: sizeOf('runs'), steps: sizeOf('steps'), messages: sizeOf('messages') };
    },
    givesWhole(kind) {
      if (recall(limits, kind) !== undefined) return false;
      return recall(wholes, kind) === undefined ? undefined : true;
    },
    async ask(kind, rows, ask) {
      for (let refusals = 0; ; refusals++) {
        const limit = Math.min(rows, sizeOf(kind));
        try {
          // oxlint-disable-next-line no-await-in-loop -- Each limit follows from the refusal of the one before it.
          return { page: await ask(limit), limit };
        } catch (error) {
          if (!isLearned(kind, limit, error) || refusals === MAX_REFUSALS) throw error;
        }
      }
    },
    async askWhole(kind, ask) {
      try {
        const list = await ask(WHOLE_LIST);
        wholes.set(kind, { value: WHOLE_LIST, since: now() });
        return list;
      } catch (error) {
        if (!isLearned(kind, WHOLE_LIST, error)) throw error;
        return undefined;
      }
    },
    doubtedSize(kind, rows, most = rows) {
      const least = Math.max(rows, recall(longest, kind) ?? 0, LEAST_DOUBTED[kind]);
      return USUAL_SIZES.find((size) => size >= least && size <= most);
    },
    record(kind, rows) {
      if (rows >= (recall(longest, kind) ?? 0)) longest.set(kind, { value: rows, since: now() });
    },
    recordCut(kind, size) {
      longest.delete(kind);
      learn(kind, size);
    },
  };
}

/** Returns the largest limit that the upstream takes, if it refused the one that it was sent. */
export function largestLimitOf(error: unknown): number | undefined {
  if (!(error instanceof UpstreamError)) return undefined;
  const max = error.refusedParameters.find(({ name }) => name === 'limit')?.max;
  return Number.isSafeInteger(max) ? max : undefined;
}
