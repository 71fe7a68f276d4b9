import { hourOf, shortDay } from '../format/time.ts';
import { useRef, useState } from '../preact.ts';
import { Plot, type PlotProps, type Span } from './plot.tsx';

interface Props extends Omit<PlotProps, 'marked'> {
  readonly title: string;
  readonly onSelect: (span: Span) => void;
}

/** The share of the width from which a press counts as a drag. */
const MIN_DRAG = 0.01;

type PlotEvent = PointerEvent & { readonly currentTarget: SVGElement };

/** The selected span: whole periods, or the time of a drag. */
interface Mark extends Span {
  /** The index of the period that is shown, and of the period where the selection began. */
  readonly index: number;
  readonly anchor: number;
}

/** A chart of periods, which are selected by dragging, or by arrows, Shift and Enter. */
export function Chart({ title, onSelect, ...plot }: Props) {
  const { series, stats } = plot;
  const { overTime: periods, from, to } = stats;
  const last = Math.max(0, periods.length - 1);
  const [mark, setMark] = useState<Mark | undefined>();
  /** The time at which the pointer was pressed. */
  const pressedAt = useRef<number | undefined>(undefined);
  const period = mark && periods[mark.index];
  const values =
    period && series.map(({ label, valueOf, text }) => `${text(valueOf(period), period)} ${label}`);
  const reading = period && `${shortDay(period.from)}, ${hourOf(period.from)}: ${values?.join(', ')}`;

  const markPeriods = (index: number, anchor: number): void => {
    const [first, end] = [periods[Math.min(index, anchor)], periods[Math.max(index, anchor)]];
    const span = first && end && { from: Date.parse(first.from), to: Date.parse(end.to) };
    setMark(span && { index, anchor, ...span });
  };
  const select = (): void => {
    if (mark) onSelect({ from: wholeMinutes(mark.from), to: wholeMinutes(mark.to) });
  };
  const timeAt = ({ clientX, currentTarget }: PlotEvent): number => {
    const { left, width } = currentTarget.getBoundingClientRect();
    // A drag may leave the chart.
    return from + Math.max(0, Math.min(1, (clientX - left) / width)) * (to - from);
  };
  const move = (event: PlotEvent): void => {
    const at = timeAt(event);
    const index = periods.findLastIndex((each) => Date.parse(each.from) <= at);
    const { current: pressed } = pressedAt;
    if (pressed === undefined) markPeriods(index, index);
    else setMark({ index, anchor: index, from: Math.min(at, pressed), to: Math.max(at, pressed) });
  };
  const press = (event: PlotEvent): void => {
    pressedAt.current = timeAt(event);
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const release = (event: PlotEvent): void => {
    const dragged = Math.abs(timeAt(event) - (pressedAt.current ?? NaN));
    pressedAt.current = undefined;
    if (dragged >= MIN_DRAG * (to - from)) select();
  };
  const leave = (): void => {
    pressedAt.current = undefined;
    setMark(undefined);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = mark?.index ?? last + 1;
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    const index = Math.max(0, Math.min(last, next ?? at));
    if (next !== undefined) markPeriods(index, event.shiftKey && mark ? mark.anchor : index);
    else if (event.key === 'Enter') select();
    else return;
    event.preventDefault();
  };

  return (
    <>
      <h3 class="line">
        {title}
        {series.map(({ label, color }) => (
          <span class="swatch line" style={{ '--color': `var(--${color})` }}>
            {label}
          </span>
        ))}
        <span class="reading">{reading}</span>
      </h3>
      <svg
        class="plot"
        role="slider"
        tabindex={0}
        aria-label={`${title} over time. Arrows choose a period, with Shift several, Enter shows only their runs.`}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={mark?.index ?? last}
        aria-valuetext={reading ?? 'No period chosen'}
        onKeyDown={onKeyDown}
        onPointerDown={press}
        onPointerMove={move}
        onPointerUp={release}
        onPointerLeave={leave}
      >
        <Plot {...plot} marked={mark} />
      </svg>
    </>
  );
}

const wholeMinutes = (ms: number): number => Math.round(ms / 60_000) * 60_000;
