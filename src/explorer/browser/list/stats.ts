import { html, useEffect, useState } from '../dom.ts';
import { number } from '../format/text.ts';
import { duration } from '../format/time.ts';
import { type Filters, searchOf, SPANS } from '../runs/filters.ts';
import { news } from '../runs/run-list.ts';
import type { Chart } from './chart.ts';
import { type Numbers, readNumbers, SERIES } from './numbers.ts';

/** Milliseconds between two readings while runs come, and while none come: the last day moves on all the same. */
const REFRESH_MS = { news: 30_000, noNews: 300_000 };
/** Numbers that take long to read are read less often: the pause is at least as many times as long. */
const PAUSE_FACTOR = 20;
const LABELS = ['Runs', 'Failed', 'Median', '95th percentile'];

/** Numbers about the runs that match the filters, and charts of them. */
export function Stats({ filters }: { readonly filters: Filters }) {
  const { numbers, isFailed } = useNumbers(filters);
  if (isFailed && numbers === undefined) return null;
  const title = SPANS.get(filters['after']?.[0] ?? '24h')?.label ?? 'Selected time';
  const { count, failed, durations } = numbers ?? {};
  const share =
    count && failed && count.value > 0 ? ` (${Math.round((100 * failed.value) / count.value)}%)` : '';
  const values = count &&
    failed && [
      number(count.value, count.precision),
      number(failed.value, failed.precision) + share,
      duration(durations?.p50),
      duration(durations?.p95),
    ];
  return html`<section class="stats card" aria-label=${`Numbers: ${title}`}>
    <div class="numbers">
      <h2>${title}${count?.precision === 'AT_LEAST' && `: the newest ${number(count.value)} runs`}</h2>
      <dl>
        ${LABELS.map(
          (label, index) =>
            html`<div key=${label}>
              <dt>${label}</dt>
              <dd>${values?.[index] ?? html`<span class="bone" />`}</dd>
            </div>`,
        )}
      </dl>
    </div>
    <${Charts} numbers=${numbers} />
  </section>`;
}

/** The charts come after the rest of the page, with the library that draws them. */
function Charts({ numbers }: { readonly numbers: Numbers | undefined }) {
  const [module, setModule] = useState<{ readonly Chart?: typeof Chart }>({});
  useEffect(() => {
    import('./chart.ts').then(setModule, () => {});
  }, []);
  return html`<div class="charts">
    ${
      module.Chart &&
      numbers &&
      Object.entries(SERIES).map(
        ([title, series]) =>
          html`<${module.Chart} key=${title} title=${title} series=${series} numbers=${numbers} />`,
      )
    }
  </div>`;
}

/** Reads the numbers, and reads them again while the page is looked at. */
function useNumbers(filters: Filters) {
  const [state, setState] = useState<{ readonly numbers?: Numbers; readonly isFailed?: true }>({});
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const follow = async (): Promise<void> => {
      while (!signal.aborted) {
        const seen = news.get();
        const begunAt = Date.now();
        let isDue = false;
        try {
          setState({ numbers: await readNumbers(filters, begunAt, signal) });
        } catch {
          // The list says what is wrong. Without numbers it is still a list.
          isDue = true;
          if (!signal.aborted) setState((before) => ({ ...before, isFailed: true }));
        }
        const readAt = Date.now();
        const pauseMs = PAUSE_FACTOR * (readAt - begunAt);
        const dueAt = (): number =>
          readAt + Math.max(pauseMs, REFRESH_MS[isDue || news.get() !== seen ? 'news' : 'noNews']);
        do await new Promise((resolve) => setTimeout(resolve, 1000));
        while (!signal.aborted && (document.hidden || Date.now() < dueAt()));
      }
    };
    // What other filters found isn't true of these.
    setState({});
    void follow();
    return () => controller.abort();
  }, [searchOf(filters)]);
  return state;
}
