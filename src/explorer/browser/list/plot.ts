import uPlot from 'uplot';
import { hourOf, shortDay } from '../format/time.ts';
import type { Numbers, Period, Series } from './numbers.ts';

/** A drawing of series over time. */
export interface Plot {
  readonly show: (numbers: Numbers) => void;
  /** Marks periods as selected, from one to another. */
  readonly select: (first: number, last: number) => void;
  readonly close: () => void;
}

interface Listeners {
  /** Called with the period that is pointed at, or null. */
  readonly onPoint: (index: number | null) => void;
  /** Called with the span of time that was dragged over, in milliseconds. */
  readonly onSelect: (from: number, to: number) => void;
}

const HEIGHT = 112;
const BARS = uPlot.paths.bars?.({ size: [0.75, 28] }) ?? (() => null);
/** The steps of axes: of counts, and of nanoseconds. */
const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000];
const SECONDS = [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 36_000];

/** Hours, and at midnight the day. */
function tickText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return date.getHours() + date.getMinutes() > 0 ? hourOf(seconds * 1000) : shortDay(seconds * 1000);
}

/** The points without a neighbor, which no line shows. */
const alone: uPlot.Series.Points.Filter = ({ data }, series) => {
  const values = data[series] ?? [];
  const isAlone = (at: number): boolean =>
    values[at] != null && values[at - 1] == null && values[at + 1] == null;
  return [...values.keys()].filter(isAlone);
};

const at = (time: string): number => Date.parse(time) / 1000;

/** Draws series in an element, whose style has their colors as properties. */
export function openPlot(element: HTMLElement, series: readonly Series[], listeners: Listeners): Plot {
  let periods: readonly Period[] = [];
  let span = { from: 0, to: 1 };
  const isBar = series[0]?.isBar === true;
  // Asked for whenever it draws: the system's colors may change.
  const color = (name: string) => (): string => {
    element.style.color = `var(--${name})`;
    return getComputedStyle(element).color;
  };
  const axis = { stroke: color('muted'), font: '11px system-ui', ticks: { show: false } };
  const grid = { stroke: color('line'), width: 1 };
  const made = new uPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      padding: [6, 18, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      scales: {
        x: { range: () => [span.from / 1000, span.to / 1000] },
        y: { range: (_, __, max) => [0, Math.max(max ?? 0, isBar ? 4 : 1e6) * 1.08] },
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
          incrs: isBar ? COUNTS : SECONDS.map((seconds) => seconds * 1e9),
          values: (_, ticks) => ticks.map((tick) => series[0]?.text(tick) ?? ''),
        },
      ],
      series: [
        {},
        ...series.map(({ label, color: name }) => ({
          label,
          stroke: color(name),
          ...(isBar
            ? { width: 0, points: { show: false }, fill: color(name), paths: BARS }
            : { width: 1.5, points: { size: 4, filter: alone } }),
        })),
      ],
      hooks: {
        setCursor: [({ cursor }) => listeners.onPoint(cursor.idx ?? null)],
        setSelect: [
          (self) => {
            const { left, width } = self.select;
            const minuteAt = (x: number): number => Math.round(self.posToVal(x, 'x') / 60) * 60_000;
            if (width >= 4) listeners.onSelect(minuteAt(left), minuteAt(left + width));
          },
        ],
      },
    },
    [[], ...series.map(() => [])],
    element,
  );
  const resizing = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
  resizing.observe(element);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const redraw = (): void => made.redraw();
  dark.addEventListener('change', redraw);
  return {
    show(numbers) {
      ({ overTime: periods, span } = numbers);
      made.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      const middles = periods.map(({ from, to }) => (at(from) + at(to)) / 2);
      made.setData([middles, ...series.map(({ of }) => periods.map(of))]);
    },
    select(first, last) {
      const [from, to] = [periods[first], periods[last]];
      if (from === undefined || to === undefined) return;
      const left = made.valToPos(at(from.from), 'x');
      const width = made.valToPos(at(to.to), 'x') - left;
      made.setSelect({ left, top: 0, width, height: made.over.clientHeight }, false);
    },
    close() {
      dark.removeEventListener('change', redraw);
      resizing.disconnect();
      made.destroy();
    },
  };
}
