import type { ExplorerRunStatsQuery } from '../__generated__/graphql.ts';
import { hourOf, shortDay } from '../format/time.ts';
import type { ListArguments } from '../runs/filters.ts';

/** A span of time, in milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

type RunStats = NonNullable<ExplorerRunStatsQuery['runStats']>;
type Period = RunStats['overTime'][number];

/** The statistics of a span of time, in whole periods. */
export interface SpanStats extends RunStats, Span {
  /** The arguments that selected the runs of the statistics. */
  readonly filters: ListArguments;
}

/** A value of each period that a chart shows. */
interface Series {
  readonly label: string;
  /** The name of a color in the style sheets. */
  readonly color: string;
  readonly valueOf: (period: Period) => number | null;
  readonly text: (value: number | null, period?: Period) => string;
}

export interface PlotProps {
  readonly shape: 'bars' | 'lines';
  readonly series: readonly Series[];
  /** The possible steps of the value axis, the smallest first. */
  readonly steps: readonly number[];
  readonly stats: SpanStats;
  /** The span of time that is marked, in milliseconds. */
  readonly marked: Span | undefined;
}

/** The possible steps of the time axis, in minutes: from a quarter of an hour to four weeks. */
const TIME_STEPS = [15, 60, 180, 360, 720, 1440, 2880, 10_080, 20_160, 40_320];
/** The maximum number of steps of each axis. */
const MAX_STEPS = { values: 3, time: 6 };

/** Draws series over time. Shapes are stretched to the size of the element, texts are not. */
export function Plot({ shape, series, steps, stats: { overTime, from, to }, marked }: PlotProps) {
  const values = series.flatMap(({ valueOf }) => overTime.map((period) => valueOf(period) ?? 0));
  const top = 1.08 * Math.max(2 * (steps[0] ?? 1), ...values);
  const x = (ms: number): number => (100 * (ms - from)) / (to - from);
  const y = (value: number): number => 100 - (100 * value) / top;
  const pathOf = ({ valueOf }: Series): string => {
    let command = 'M';
    const parts = overTime.map((period) => {
      const value = valueOf(period);
      const [left, right] = [x(Date.parse(period.from)), x(Date.parse(period.to))];
      const middle = (left + right) / 2;
      const half = 0.375 * (right - left);
      if (shape === 'bars') return `M${middle - half} 100V${y(value ?? 0)}H${middle + half}V100z`;
      const before = command;
      command = value === null ? 'M' : 'L';
      // A line without length draws a point, for a value without neighbors.
      return value === null ? '' : `${before}${middle} ${y(value)}h0`;
    });
    return parts.join('');
  };
  const ticks = valueTicks(top, steps);
  return (
    <>
      {ticks.map((value) => (
        <text x="-6" y={`${y(value)}%`} dy="4" text-anchor="end">
          {series[0]?.text(value)}
        </text>
      ))}
      {timeTicks(from, to).map((ms) => (
        <text x={`${x(ms)}%`} y="100%" dy="15" text-anchor="middle">
          {timeText(ms)}
        </text>
      ))}
      <svg viewBox="0 0 100 100" preserveAspectRatio="none">
        <path class="grid" d={ticks.map((value) => `M0 ${y(value)}H100`).join('')} />
        {series.map((each) => (
          <path class={shape} style={{ color: `var(--${each.color})` }} d={pathOf(each)} />
        ))}
        {marked && <path class="marked" d={`M${x(marked.from)} 0V100H${x(marked.to)}V0z`} />}
      </svg>
    </>
  );
}

function valueTicks(top: number, steps: readonly number[]): readonly number[] {
  const step = steps.find((each) => top / each < MAX_STEPS.values) ?? top;
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step);
}

/** Returns times at whole steps of the local day, in milliseconds. */
function timeTicks(from: number, to: number): readonly number[] {
  const minutes = (to - from) / 60_000;
  const step =
    TIME_STEPS.find((each) => minutes / each <= MAX_STEPS.time) ??
    1440 * Math.ceil(minutes / 1440 / MAX_STEPS.time);
  const ticks = [];
  // By the local clock, since some days have 23 or 25 hours.
  const at = new Date(from);
  at.setHours(0, 0, 0, 0);
  for (; at.getTime() <= to; at.setMinutes(at.getMinutes() + step)) {
    if (at.getTime() >= from) ticks.push(at.getTime());
  }
  return ticks;
}

/** Returns the hour of a time, or the day at midnight. */
function timeText(ms: number): string {
  const date = new Date(ms);
  return date.getHours() + date.getMinutes() > 0 ? hourOf(ms) : shortDay(ms);
}
