import { RUN_STATS } from '../documents/runs.ts';
import { html, useEffect, useState } from '../dom.ts';
import { number } from '../format/text.ts';
import { duration } from '../format/time.ts';
import { queryField } from '../gateway/query.ts';
import { navigate } from '../router.ts';
import { type Filters, searchOf, SPANS, variablesOf } from '../runs/filters.ts';
import { list } from '../runs/run-list.ts';
import { Chart } from './chart.ts';
import type { Numbers, PlotProps, Span } from './plot.ts';

const HOUR_MS = 3_600_000;
/** Milliseconds between two readings while runs come, and while none come: the last day moves on all the same. */
const REFRESH_MS = { news: 30_000, noNews: 300_000 };
/** Numbers that take long to read are read less often: the pause is at least as many times as long. */
const PAUSE_FACTOR = 20;

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
        of: ({ count }) => count.value,
        text: (value, period) => number(value ?? 0, period?.count.precision),
      },
      { label: 'failed', color: 'bad', of: ({ failed }) => failed, text: String },
    ],
  },
  Duration: {
    shape: 'lines',
    steps: SECONDS.map((seconds) => seconds * 1e9),
    series: [
      { label: 'p95', color: 'accent', of: ({ durations }) => durations?.p95 ?? null, text: duration },
      { label: 'median', color: 'muted', of: ({ durations }) => durations?.p50 ?? null, text: duration },
    ],
  },
};

/** Numbers about the runs that match the filters, and charts of them. */
export function Stats({ filters }: { readonly filters: Filters }) {
  const numbers = useNumbers(filters);
  if (numbers === null) return null;
  const title = SPANS.get(filters['after']?.[0] ?? '24h')?.label ?? 'Selected time';
  const { count, failed, durations } = numbers ?? {};
  const share =
    count && failed && count.value > 0 ? ` (${Math.round((100 * failed.value) / count.value)}%)` : '';
  const values = {
    Runs: count && number(count.value, count.precision),
    Failed: failed && number(failed.value, failed.precision) + share,
    Median: numbers && duration(durations?.p50),
    '95th percentile': numbers && duration(durations?.p95),
  };
  const select = ({ from, to }: Span): void => {
    const [after = '', before = ''] = [from, to].map((ms) =>
      new Date(ms).toISOString().replace('.000Z', 'Z'),
    );
    navigate(searchOf({ ...filters, after: [after], before: [before] }));
  };
  return html`<section class="stats card" aria-label=${`Numbers: ${title}`}>
    <div class="numbers">
      <h2>${title}${count?.precision === 'AT_LEAST' && `: the newest ${number(count.value)} runs`}</h2>
      <dl>
        ${Object.entries(values).map(
          ([label, value]) =>
            html`<div>
              <dt>${label}</dt>
              <dd>${value ?? '…'}</dd>
            </div>`,
        )}
      </dl>
    </div>
    ${
      numbers &&
      Object.entries(CHARTS).map(
        ([name, chart]) =>
          html`<${Chart} ...${chart} key=${name} title=${name} numbers=${numbers} onSelect=${select} />`,
      )
    }
  </section>`;
}

/**
 * The numbers of the runs that match filters, read again while the page is looked at.
 *
 * @returns undefined until they are read, null if they can't be
 */
function useNumbers(filters: Filters): Numbers | null | undefined {
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
