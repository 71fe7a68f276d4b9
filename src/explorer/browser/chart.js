// A chart of periods in which a span of time can be selected: by dragging, or by arrows, Shift and Enter.

import uPlot from 'uplot';
import { html, useEffect, useRef, useState } from './dom.js';
import { shortDay, shortTime } from './format.js';

/**
 * @typedef {object} Series
 * @property {string} label
 * @property {string} color the name of a color of styles.css
 * @property {boolean} [isBar]
 * @property {(period: any) => number | null} of
 * @property {(value: number | null, period?: any) => string} text
 */
/**
 * @typedef {object} Span
 * @property {number} from in milliseconds
 * @property {number} to
 */

const HEIGHT = 112;
const BARS = uPlot.paths.bars?.({ size: [0.75, 28] }) ?? (() => null);

/** The steps of axes: of counts, and of nanoseconds. */
const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000];
const TIMES = [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 36_000].map(
  (seconds) => seconds * 1e9,
);

/**
 * Hours, and at midnight the day.
 *
 * @param {number} seconds
 */
function tickText(seconds) {
  const date = new Date(seconds * 1000);
  return date.getHours() + date.getMinutes() > 0 ? HOUR.format(date) : shortDay(seconds * 1000);
}
const HOUR = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** @type {import('uplot').Series.Points.Filter} */
const alone = ({ data }, series) => {
  const values = data[series] ?? [];
  return [...values.keys()].filter(
    (at) => values[at] != null && values[at - 1] == null && values[at + 1] == null,
  );
};

/** @param {Element} element @param {string} name */
const colorOf = (element, name) => {
  const probe = element.querySelector(`[data-color="${name}"]`);
  return probe === null ? 'gray' : getComputedStyle(probe).color;
};

/**
 * @param {{ title: string, periods: readonly any[], span: Span, series: readonly Series[], onSelect: (from: number, to: number) => void }} props
 */
export function Chart({ title, periods, span, series, onSelect }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const plot = useRef(/** @type {uPlot | undefined} */ (undefined));
  const current = useRef({ periods, span, onSelect });
  current.current = { periods, span, onSelect };
  const [index, setIndex] = useState(/** @type {number | null} */ (null));
  const [anchor, setAnchor] = useState(/** @type {number | null} */ (null));
  const [theme, setTheme] = useState(0);
  const dataOf = () =>
    /** @type {uPlot.AlignedData} */ ([
      periods.map(({ from, to }) => (Date.parse(from) + Date.parse(to)) / 2000),
      ...series.map(({ of }) => periods.map(of)),
    ]);

  useEffect(() => {
    const changed = () => setTheme((count) => count + 1);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', changed);
    addEventListener('themechange', changed);
    return () => {
      dark.removeEventListener('change', changed);
      removeEventListener('themechange', changed);
    };
  }, []);
  useEffect(() => {
    const { current: element } = box;
    if (element === null) return undefined;
    const axis = { stroke: colorOf(element, 'axis'), font: '11px system-ui', ticks: { show: false } };
    const grid = { stroke: colorOf(element, 'grid'), width: 1 };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        padding: [6, 18, 0, 0],
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
        scales: {
          x: { range: () => [current.current.span.from / 1000, current.current.span.to / 1000] },
          y: { range: (_, __, max) => [0, Math.max(max ?? 0, series[0]?.isBar ? 4 : 1e6) * 1.08] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            size: 22,
            gap: 4,
            space: 70,
            values: (_, ticks) => ticks.map(tickText),
          },
          {
            ...axis,
            grid,
            size: 52,
            gap: 6,
            space: 34,
            incrs: series[0]?.isBar ? COUNTS : TIMES,
            values: (_, ticks) => ticks.map((tick) => series[0]?.text(tick) ?? ''),
          },
        ],
        series: [
          {},
          ...series.map(({ label, color, isBar }) => ({
            label,
            stroke: colorOf(element, color),
            width: isBar ? 0 : 1.5,
            // A period between two without a value has no line.
            points: isBar ? { show: false } : { size: 4, filter: alone },
            ...(isBar && {
              fill: colorOf(element, color),
              paths: BARS,
            }),
          })),
        ],
        hooks: {
          setCursor: [(/** @type {uPlot} */ { cursor }) => setIndex(cursor.idx ?? null)],
          setSelect: [
            (/** @type {uPlot} */ self) => {
              const { select } = self;
              if (select.width < 4) return;
              const at = (/** @type {number} */ left) => Math.round(self.posToVal(left, 'x') / 60) * 60_000;
              current.current.onSelect(at(select.left), at(select.left + select.width));
            },
          ],
        },
      },
      dataOf(),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [theme]);
  useEffect(() => {
    plot.current?.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    plot.current?.setData(dataOf());
  }, [periods, span]);

  const last = periods.length - 1;
  const period = index === null ? undefined : periods[index];
  const text =
    period === undefined
      ? ''
      : `${shortTime(period.from)}: ${series.map(({ label, of, text: show }) => `${show(of(period), period)} ${label}`).join(', ')}`;

  /** Shows which periods the keyboard has selected. @param {number} at @param {number} from */
  const select = (at, from) => {
    const { current: made } = plot;
    const [low, high] = [Math.min(at, from), Math.max(at, from)];
    if (made === undefined || periods[low] === undefined || periods[high] === undefined) return;
    const left = made.valToPos(Date.parse(periods[low].from) / 1000, 'x');
    const width = made.valToPos(Date.parse(periods[high].to) / 1000, 'x') - left;
    made.setSelect({ left, top: 0, width, height: made.over.clientHeight }, false);
    setIndex(at);
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    const { key, shiftKey } = event;
    const at = index ?? last;
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[key];
    if (next !== undefined) {
      const to = Math.max(0, Math.min(last, index === null ? last : next));
      const from = shiftKey ? (anchor ?? at) : to;
      setAnchor(from);
      select(to, from);
    } else if (key === 'Enter' && index !== null && last >= 0) {
      const [low, high] = [Math.min(at, anchor ?? at), Math.max(at, anchor ?? at)];
      onSelect(Date.parse(periods[low].from), Date.parse(periods[high].to));
    } else return;
    event.preventDefault();
  };
  return html`<div class="chart">
    <h3>
      ${title}
      ${series.map(({ label, color }) => html`<span class="legend" data-color=${color} key=${label}><span>${label}</span></span>`)}
      <span class="reading">${text}</span>
    </h3>
    <div
      ref=${box}
      class="plot"
      role="slider"
      tabindex="0"
      aria-label=${`${title} over time. Arrows choose a period, with Shift several, Enter shows only their runs.`}
      aria-valuemin="0"
      aria-valuemax=${Math.max(0, last)}
      aria-valuenow=${index ?? Math.max(0, last)}
      aria-valuetext=${text || 'No period chosen'}
      onKeyDown=${onKeyDown}
    >
      ${['axis', 'grid', ...series.map(({ color }) => color)].map((name) => html`<i key=${name} data-color=${name} hidden />`)}
    </div>
  </div>`;
}
