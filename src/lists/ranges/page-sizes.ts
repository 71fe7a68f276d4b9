import { UpstreamError } from '../../errors/upstream-error.ts';

/** Larger than any list: the largest that the types of self-hosted servers hold. */
const WHOLE_LIST = 2 ** 31 - 1;

/**
 * What is known about the sizes of pages that one upstream gives for one list. All callers share it. It is written from the upstream's answers alone: by a refusal that names a smaller limit
 * than the one that the gateway chose. It decides how many requests a list takes, and never what is in it.
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
/** The sizes at which a proxy may cut a page without a word. */
const USUAL_SIZES: ReadonlySet<number> = new Set([100, 200, 250, 1000]);

interface Remembered {
  readonly value: number;
  readonly since: number;
}

/** @param promised the `limit` that every server takes by its own documentation */
export function createPageSizes(
  promised: number,
  { onChange, now = Date.now }: PageSizesOptions = {},
): PageSizes {
  let learned: Remembered | undefined;
  let whole: Remembered | undefined;
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
  };
}

/** Whether more rows may follow a page of so many: then only a request for what follows can tell. */
export function mayBeCut(rows: number, limit: number): boolean {
  return rows >= limit || USUAL_SIZES.has(rows);
}

/** Returns the largest limit that the upstream takes, if it refused the one that it was sent. */
function largestLimitOf(error: unknown): number | undefined {
  if (!(error instanceof UpstreamError)) return undefined;
  const max = error.refusedParameters.find(({ name }) => name === 'limit')?.max;
  return Number.isSafeInteger(max) ? max : undefined;
}
