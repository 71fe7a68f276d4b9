import { html, useEffect, useRef, useState } from '../dom.ts';
import { shortTime } from '../format/time.ts';
import { applyFilters } from './apply-filters.ts';
import type { Numbers, Series } from './numbers.ts';
import { openPlot, type Plot } from './plot.ts';

interface Props {
  readonly title: string;
  readonly series: readonly Series[];
  readonly numbers: Numbers;
}

/** Shows only the runs of a span of time, in milliseconds. */
function selectSpan(from: number, to: number): void {
  const [after = '', before = ''] = [from, to].map((ms) => new Date(ms).toISOString().replace('.000Z', 'Z'));
  applyFilters({ after: [after], before: [before] });
}

/** A chart of periods in which a span of time is selected by dragging, or by arrows, Shift and Enter. */
export function Chart({ title, series, numbers }: Props) {
  const box = useRef<HTMLElement>(null);
  const plot = useRef<Plot | undefined>(undefined);
  /** The chosen period, and the one at which Shift began. */
  const [index, setIndex] = useState<number | null>(null);
  const [anchor, setAnchor] = useState<number | null>(null);
  useEffect(() => {
    if (box.current === null) return undefined;
    const opened = openPlot(box.current, series, { onPoint: setIndex, onSelect: selectSpan });
    plot.current = opened;
    return opened.close;
  }, []);
  useEffect(() => plot.current?.show(numbers), [numbers]);

  const periods = numbers.overTime;
  const last = Math.max(0, periods.length - 1);
  const period = index === null ? undefined : periods[index];
  const text =
    period &&
    `${shortTime(period.from)}: ${series.map(({ label, of, text: show }) => `${show(of(period), period)} ${label}`).join(', ')}`;
  const onKeyDown = (event: KeyboardEvent): void => {
    const { key, shiftKey } = event;
    const at = index ?? last;
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[key];
    const [low, high] = [periods[Math.min(at, anchor ?? at)], periods[Math.max(at, anchor ?? at)]];
    if (next !== undefined) {
      const to = index === null ? last : Math.max(0, Math.min(last, next));
      const from = shiftKey ? (anchor ?? at) : to;
      setAnchor(from);
      plot.current?.select(Math.min(to, from), Math.max(to, from));
      setIndex(to);
    } else if (key === 'Enter' && index !== null && low && high) {
      selectSpan(Date.parse(low.from), Date.parse(high.to));
    } else return;
    event.preventDefault();
  };
  return html`<div class="chart">
    <h3>
      ${title}
      ${series.map(({ label, color }) => html`<span key=${label} class="swatch line" style=${{ '--color': `var(--${color})` }}>${label}</span>`)}
      <span class="reading">${text}</span>
    </h3>
    <div
      ref=${box}
      class="plot"
      role="slider"
      tabindex="0"
      aria-label=${`${title} over time. Arrows choose a period, with Shift several, Enter shows only their runs.`}
      aria-valuemin="0"
      aria-valuemax=${last}
      aria-valuenow=${index ?? last}
      aria-valuetext=${text ?? 'No period chosen'}
      onKeyDown=${onKeyDown}
    /></div>
   `;
}
