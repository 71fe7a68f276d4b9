import type { ExplorerRunStatsQuery } from '../__generated__/graphql.ts';
import { RUN_STATS } from '../documents/runs.ts';
import { useEffect, useState } from '../dom.ts';
import { queryField } from '../gateway/query.ts';
import { type Filters, searchOf, variablesOf } from '../runs/filters.ts';
import { list } from '../runs/run-list.ts';

const HOUR_MS = 3_600_000;
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
        const { rows } = list.get();
        const begunAt = Date.now();
        // The list shows the error, so the numbers only stay away.
        const found = await readNumbers(filters, begunAt, signal).catch(() => null);
        const pauseMs = PAUSE_FACTOR * (Date.now() - begunAt);
        if (!signal.aborted) setNumbers((before) => found ?? before ?? null);
        const isDue = (): boolean =>
          Date.now() - begunAt >
          Math.max(pauseMs, REFRESH_MS[found && list.get().rows === rows ? 'noNews' : 'news']);
        do await new Promise((resolve) => setTimeout(resolve, 1000));
        while (!signal.aborted && (document.hidden || !isDue()));
      }
    };
    // Numbers for the filters before are wrong now.
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
  const from = createdAfter ? Date.parse(createdAfter) : to - 24 * HOUR_MS;
  const hours = (to - from) / HOUR_MS;
  const by = hours <= 72 ? 'HOUR' : hours <= 90 * 24 ? 'DAY' : 'WEEK';
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const asked = { ...variables, createdAfter: new Date(from).toISOString(), by, timezone: timeZone } as const;
  const stats = await queryField(RUN_STATS, asked, 'runStats', signal);
  const { overTime } = stats;
  return {
    ...stats,
    from: Math.min(from, Date.parse(overTime[0]?.from ?? asked.createdAfter)),
    to: Math.max(to, from + 1, ...overTime.slice(-1).map((period) => Date.parse(period.to))),
  };
}
