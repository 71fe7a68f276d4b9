import { type ApiError, asApiError } from '../../../client/api-error.ts';
import { Definitions } from '../components/definitions.tsx';
import { RUN_STATS } from '../documents/runs.ts';
import { number } from '../format/text.ts';
import { duration } from '../format/time.ts';
import { queryField } from '../gateway/query.ts';
import { useEffect, useState } from '../preact.ts';
import { navigate } from '../router.ts';
import { type Filters, searchOf, SPANS, variablesOf } from '../runs/filters.ts';
import { runList } from '../runs/run-list.ts';
import { Chart } from './chart.tsx';
import { Failures } from './failures.tsx';
import type { PlotProps, Span, SpanStats } from './plot.tsx';

const HOUR_MS = 3_600_000;
/** Milliseconds between two requests while the list changes, and while it doesn't, since the span moves on. */
const REFRESH_MS = { changed: 30_000, unchanged: 300_000 };
/** The pause after a request is at least so many times as long as the request took. */
const PAUSE_FACTOR = 20;

/** Steps of the axis of durations. */
const SECONDS = [0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 36_000];

/** The charts by their titles. */
const CHARTS: Readonly<Record<string, Pick<PlotProps, 'shape' | 'steps' | 'series'>>> = {
  Runs: {
    shape: 'bars',
    steps: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000],
    series: [
      {
        label: 'runs',
        color: 'bars',
        valueOf: ({ count }) => count.value,
        text: (value, period) => number(value ?? 0, period?.count.precision),
      },
      { label: 'failed', color: 'bad', valueOf: ({ failed }) => failed, text: String },
    ],
  },
  Duration: {
    shape: 'lines',
    steps: SECONDS.map((seconds) => seconds * 1e9),
    series: [
      { label: 'p95', color: 'accent', valueOf: ({ durations }) => durations?.p95 ?? null, text: duration },
      { label: 'median', color: 'muted', valueOf: ({ durations }) => durations?.p50 ?? null, text: duration },
    ],
  },
};

/** Statistics of the runs that match the filters, with charts. */
export function Stats({ filters }: { readonly filters: Filters }) {
  const [stats, error] = useStats(filters);
  const isOpen = isOfAnyTime(filters);
  const title = isOpen
    ? 'Active, of any time'
    : (SPANS.get(filters['after']?.[0] ?? '24h')?.label ?? 'Selected time');
  const { count, failed, durations } = stats ?? {};
  const share =
    count && failed && count.value > 0 ? ` (${Math.round((100 * failed.value) / count.value)}%)` : '';
  const values = Object.entries({
    Runs: count ? number(count.value, count.precision) : '…',
    Failed: failed ? number(failed.value, failed.precision) + share : '…',
    Median: stats ? duration(durations?.p50) : '…',
    '95th percentile': stats ? duration(durations?.p95) : '…',
  });
  const select = ({ from, to }: Span): void => {
    const [after = '', before = ''] = [from, to].map((ms) =>
      new Date(ms).toISOString().replace('.000Z', 'Z'),
    );
    navigate(searchOf({ ...filters, after: [after], before: [before] }));
  };
  return (
    <section class="stats card" aria-label={`Numbers: ${title}`}>
      <div class="numbers">
        <h2>
          {title}
          {count?.precision === 'AT_LEAST' && `: the newest ${number(count.value)} runs`}
        </h2>
        <Definitions of={values} />
        {error && !stats && <p class="bad">The numbers could not be read: {error.message}</p>}
      </div>
      {Object.entries(isOpen ? {} : CHARTS).map(([name, chart]) => (
        // The element is there before its chart, so that the list below doesn't move.
        <div key={name} class="chart">
          {stats && <Chart {...chart} title={name} stats={stats} onSelect={select} />}
        </div>
      ))}
      {!isOpen && <Failures filters={filters} stats={stats} />}
    </section>
  );
}

/** Whether the list shows active runs, of which the oldest matter most: the statistics then count runs of any time. */
const isOfAnyTime = ({ status, after, before }: Filters): boolean =>
  status?.[0] === 'ACTIVE' && after === undefined && before === undefined;

/**
 * Reads the statistics of the runs that match filters, again and again while the page is visible.
 *
 * @returns the statistics, undefined until they are read, and the error of the last read if it failed
 */
function useStats(filters: Filters): readonly [stats: SpanStats | undefined, error: ApiError | undefined] {
  const [stats, setStats] = useState<SpanStats>();
  const [failure, setFailure] = useState<ApiError>();
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const follow = async (): Promise<void> => {
      while (!signal.aborted) {
        const { rows } = runList.get();
        const begunAt = Date.now();
        let error: ApiError | undefined;
        const found = await readStats(filters, begunAt, signal).catch((caught: unknown) => {
          error = asApiError(caught);
        });
        const pauseMs = PAUSE_FACTOR * (Date.now() - begunAt);
        if (!signal.aborted) {
          setStats((before) => found ?? before);
          setFailure(error);
        }
        const isDue = (): boolean =>
          Date.now() - begunAt >
          Math.max(pauseMs, REFRESH_MS[found && runList.get().rows === rows ? 'unchanged' : 'changed']);
        do await new Promise((resolve) => setTimeout(resolve, 1000));
        while (!signal.aborted && (document.hidden || !isDue()));
      }
    };
    // The statistics of the previous filters would be wrong.
    setStats(undefined);
    setFailure(undefined);
    void follow();
    return () => controller.abort();
  }, [searchOf(filters)]);
  return [stats, failure];
}

/** Reads the statistics of the span of time of the filters; without a start, of its last day. */
async function readStats(filters: Filters, now: number, signal: AbortSignal): Promise<SpanStats> {
  const variables = variablesOf(filters, now);
  const { createdAfter, createdBefore } = variables;
  const to = createdBefore ? Date.parse(createdBefore) : now;
  const from = createdAfter ? Date.parse(createdAfter) : to - 24 * HOUR_MS;
  const hours = (to - from) / HOUR_MS;
  const by = isOfAnyTime(filters)
    ? 'WEEK'
    : hours <= 3
      ? 'MINUTE'
      : hours <= 72
        ? 'HOUR'
        : hours <= 90 * 24
          ? 'DAY'
          : 'WEEK';
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const spanFilters = {
    ...variables,
    ...(!isOfAnyTime(filters) && { createdAfter: new Date(from).toISOString() }),
  };
  const statsVariables = { ...spanFilters, by, timezone: timeZone } as const;
  const stats = await queryField(RUN_STATS, statsVariables, 'runStats', signal);
  const { overTime } = stats;
  return {
    ...stats,
    filters: spanFilters,
    from: Math.min(from, Date.parse(overTime[0]?.from ?? new Date(from).toISOString())),
    to: Math.max(to, from + 1, ...overTime.slice(-1).map((period) => Date.parse(period.to))),
  };
}
