import { html } from '../dom.ts';
import { number } from '../format/text.ts';
import { duration } from '../format/time.ts';
import { navigate } from '../router.ts';
import { type Filters, searchOf, SPANS } from '../runs/filters.ts';
import { Chart } from './chart.ts';
import { useNumbers } from './numbers.ts';
import type { PlotProps, Span } from './plot.ts';

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
