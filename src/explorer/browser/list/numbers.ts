import type { ExplorerRunStatsQuery } from '../__generated__/graphql.ts';
import { RUN_STATS } from '../documents/runs.ts';
import { useEffect, useState } from '../dom.ts';
import { queryField } from '../gateway/query-field.ts';
import { type Filters, searchOf, variablesOf } from '../runs/filters.ts';
import { news } from '../runs/run-list.ts';

const DAY_MS = 86_400_000;
/** Milliseconds between two readings while runs come, and while none come: the last day moves on all the same. */
const REFRESH_MS = { news: 30_000, noNews: 300_000 };
/** Numbers that take long to read are read less often: the pause is at least as many times as long. */
const PAUSE_FACTOR = 20;

type RunStats = NonNullable<ExplorerRunStatsQuery['runStats']>;
export type Period = RunStats['overTime'][number];
export interface Numbers extends RunStats {
  /** The time that the numbers are about, in milliseconds and whole periods. */
  readonly from: number;
  readonly to: number;
}

/**
 * The numbers of the runs that match filters, read again while the page is looked at.
 *
 * @returns undefined until they are read, null if they can't be
 */
export function useNumbers(filters: Filters): Numbers | null | undefined {
  const [numbers, setNumbers] = useState<Numbers | null | undefined>();
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const follow = async (): Promise<void> => {
      while (!signal.aborted) {
        const seen = news.get();
        const begunAt = Date.now();
        // The list says what is wrong. Without numbers it is still a list.
        const found = await readNumbers(filters, begunAt, signal).catch(() => undefined);
        if (!signal.aborted) setNumbers((before) => found ?? before ?? null);
        const readAt = Date.now();
        const isDue = (): boolean => {
          const refreshMs = REFRESH_MS[found === undefined || news.get() !== seen ? 'news' : 'noNews'];
          return Date.now() > readAt + Math.max(refreshMs, PAUSE_FACTOR * (readAt - begunAt));
        };
        do await new Promise((resolve) => setTimeout(resolve, 1000));
        while (!signal.aborted && (document.hidden || !isDue()));
      }
    };
    // What other filters found isn't true of these.
    setNumbers(undefined);
    void follow();
    return () => controller.abort();
  }, [searchOf(filters)]);
  return numbers;
}

/** Reads the numbers of the span of time of the filters; of its last day where they have none. */
async function readNumbers(filters: Filters, now: number, signal: AbortSignal): Promise<Numbers> {
  const variables = variablesOf(filters, now);
  const { createdAfter, createdBefore } = variables;
  const to = createdBefore ? Date.parse(createdBefore) : now;
  const from = createdAfter ? Date.parse(createdAfter) : to - DAY_MS;
  const days = (to - from) / DAY_MS;
  const asked = {
    ...variables,
    createdAfter: new Date(from).toISOString(),
    by: days <= 3 ? ('HOUR' as const) : days <= 90 ? ('DAY' as const) : ('WEEK' as const),
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  const stats = await queryField(RUN_STATS, asked, 'runStats', signal);
  const [first, last] = [stats.overTime[0], stats.overTime.at(-1)];
  return {
    ...stats,
    from: Math.min(from, first ? Date.parse(first.from) : from),
    to: Math.max(to, last ? Date.parse(last.to) : to),
  };
}
