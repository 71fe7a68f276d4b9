// Numbers about the runs that match the filters, and how they change over time.

import { asApiError, queryField } from './api.js';
import documents from './documents.js';
import { html, useEffect, useState } from './dom.js';
import { filtersIn, searchOf, SPANS, variablesOf } from './filters.js';
import { duration, number } from './format.js';
import { navigate, place } from './router.js';
import { news } from './runs.js';

/** @import { Filters } from './filters.js' */

/** Milliseconds between two readings while runs come, and while none come: the last day moves on all the same. */
const REFRESH_MS = { news: 30_000, noNews: 300_000 };
/** Numbers that take long to read are read less often: the pause is as many times as long. */
const PAUSE_FACTOR = 20;
const DAY_MS = 86_400_000;

/**
 * The span of time that the numbers are about, in milliseconds: that of the filters, or the last day of it.
 *
 * @param {Record<string, unknown>} variables
 * @param {number} now
 */
function spanOf({ createdAfter, createdBefore }, now) {
  const to = typeof createdBefore === 'string' ? Date.parse(createdBefore) : now;
  const from = typeof createdAfter === 'string' ? Date.parse(createdAfter) : to - DAY_MS;
  return { from, to };
}

/** @param {number} ms */
const unitFor = (ms) => (ms <= 3 * DAY_MS ? 'HOUR' : ms <= 90 * DAY_MS ? 'DAY' : 'WEEK');

/** @param {{ filters: Filters }} props */
export function Stats({ filters }) {
  const [{ stats, span, isFailed }, setState] = useState(
    /** @type {{ stats?: any, span?: { from: number, to: number }, isFailed?: boolean }} */ ({}),
  );
  const key = searchOf(filters);
  useEffect(() => {
    const controller = new AbortController();
    // What other filters found isn't true of these.
    setState({});
    let isDue = false;
    let nextAt = Infinity;
    let pauseMs = 0;
    const read = async () => {
      const now = Date.now();
      isDue = false;
      nextAt = Infinity;
      const variables = variablesOf(filters, now);
      const about = spanOf(variables, now);
      if (Number.isNaN(about.from + about.to)) return setState({ isFailed: true });
      const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const asked = {
        ...variables,
        createdAfter: new Date(about.from).toISOString(),
        by: unitFor(about.to - about.from),
        timezone,
      };
      try {
        const found = await queryField(documents.runStats, asked, 'runStats', controller.signal);
        if (!controller.signal.aborted) {
          // In whole periods.
          const from = Math.min(about.from, Date.parse(found.overTime[0]?.from ?? asked.createdAfter));
          const to = Math.max(about.to, Date.parse(found.overTime.at(-1)?.to ?? asked.createdAfter));
          setState({ stats: found, span: { from, to } });
        }
      } catch (error) {
        // The list says what is wrong. Without numbers it is still a list.
        if (!controller.signal.aborted) setState((before) => ({ ...before, isFailed: true }));
        isDue = asApiError(error).isRetryable;
      }
      pauseMs = PAUSE_FACTOR * (Date.now() - now);
      nextAt = Date.now() + pauseMs;
    };
    void read();
    const end = news.subscribe(() => (isDue = true));
    const timer = setInterval(() => {
      const pause = REFRESH_MS[isDue ? 'news' : 'noNews'];
      if (!document.hidden && Date.now() > nextAt + Math.max(0, pause - pauseMs)) void read();
    }, 1000);
    return () => {
      end();
      clearInterval(timer);
      controller.abort();
    };
  }, [key]);
  if (isFailed && stats === undefined) return null;

  const title = SPANS.get(filters['after']?.[0] ?? '24h')?.label ?? 'Selected time';
  const share =
    stats && stats.count.value > 0 ? ` (${Math.round((100 * stats.failed.value) / stats.count.value)}%)` : '';
  const newest = stats?.count.precision === 'AT_LEAST' && `: the newest ${number(stats.count.value)} runs`;
  const numbers = stats && [
    ['Runs', number(stats.count.value, stats.count)],
    ['Failed', number(stats.failed.value, stats.failed) + share],
    ['Median', duration(stats.durations?.p50)],
    ['95th percentile', duration(stats.durations?.p95)],
  ];
  return html`<section class="stats" aria-label=${`Numbers: ${title}`}>
    <div class="numbers">
      <h2>${title}${newest}</h2>
      <dl>
        ${(numbers ?? [['Runs'], ['Failed'], ['Median'], ['95th percentile']]).map(
          (/** @type {string[]} */ [name, value]) =>
            html`<div key=${name}>
              <dt>${name}</dt>
              <dd>${value ?? html`<span class="bone" />`}</dd>
            </div>`,
        )}
      </dl>
    </div>
    <${Charts} periods=${stats?.overTime ?? []} span=${span} />
  </section>`;
}

/**
 * @param {number} from in milliseconds
 * @param {number} to
 */
function onSelect(from, to) {
  const [after = '', before = ''] = [from, to].map((ms) => new Date(ms).toISOString().replace('.000Z', 'Z'));
  navigate(searchOf({ ...filtersIn(place.get().search), after: [after], before: [before] }));
}

/** @param {{ periods: readonly any[], span: { from: number, to: number } | undefined }} props */
function Charts({ periods, span }) {
  /** @type {{ Chart?: typeof import('./chart.js').Chart }} */
  const none = {};
  const [{ Chart }, setModule] = useState(none);
  useEffect(() => {
    import('./chart.js').then(setModule, () => {});
  }, []);
  const isReady = Chart !== undefined && span !== undefined;
  return html`<div class="charts">
    ${
      isReady &&
      Object.entries(SERIES).map(
        ([title, series]) => html`<${Chart} key=${title} ...${{ title, series, periods, span, onSelect }} />`,
      )
    }
  </div>`;
}

/** What each chart shows of a period. @type {Readonly<Record<string, readonly import('./chart.js').Series[]>>} */
const SERIES = {
  Runs: [
    {
      label: 'runs',
      color: 'runs',
      isBar: true,
      of: ({ count }) => count.value,
      text: (value, period) => number(value ?? 0, period?.count),
    },
    { label: 'failed', color: 'failed', isBar: true, of: ({ failed }) => failed, text: String },
  ],
  Duration: [
    { label: 'p95', color: 'p95', of: ({ durations }) => durations?.p95 ?? null, text: duration },
    { label: 'median', color: 'p50', of: ({ durations }) => durations?.p50 ?? null, text: duration },
  ],
};
