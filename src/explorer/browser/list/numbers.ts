import type { ExplorerRunStatsQuery } from '../__generated__/graphql.ts';
import { RUN_STATS } from '../documents/runs.ts';
import { number } from '../format/text.ts';
import { duration } from '../format/time.ts';
import { queryField } from '../gateway/query-field.ts';
import { type Filters, variablesOf } from '../runs/filters.ts';

const DAY_MS = 86_400_000;

type RunStats = NonNullable<ExplorerRunStatsQuery['runStats']>;
export type Period = RunStats['overTime'][number];
export interface Numbers extends RunStats {
  /** What the numbers are about, in milliseconds and whole periods. */
  readonly span: { readonly from: number; readonly to: number };
}

/** What a chart shows of periods. */
export interface Series {
  readonly label: string;
  /** The name of a color of the style sheets. */
  readonly color: string;
  readonly isBar?: true;
  readonly of: (period: Period) => number | null;
  readonly text: (value: number | null, period?: Period) => string;
}

/** The charts by their titles. */
export const SERIES: Readonly<Record<string, readonly Series[]>> = {
  Runs: [
    {
      label: 'runs',
      color: 'bars',
      isBar: true,
      of: ({ count }) => count.value,
      text: (value, period) => number(value ?? 0, period?.count.precision),
    },
    { label: 'failed', color: 'bad', isBar: true, of: ({ failed }) => failed, text: String },
  ],
  Duration: [
    { label: 'p95', color: 'accent', of: ({ durations }) => durations?.p95 ?? null, text: duration },
    { label: 'median', color: 'muted', of: ({ durations }) => durations?.p50 ?? null, text: duration },
  ],
};

/** Reads the numbers of the span of time of the filters; of its last day where they have none. */
export async function readNumbers(filters: Filters, now: number, signal: AbortSignal): Promise<Numbers> {
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
  const span = {
    from: Math.min(from, first ? Date.parse(first.from) : from),
    to: Math.max(to, last ? Date.parse(last.to) : to),
  };
  return { ...stats, span };
}
