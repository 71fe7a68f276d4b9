import type { Step } from '../documents/run.ts';

/** Where a step lies between the start and the end of all steps, from 0 to 1. */
export interface Bar {
  readonly start: number;
  readonly length: number;
}

type Timed = Pick<Step, 'timing'>;

/** A bar for each step that was measured: from when it began, or right after the step before where that isn't known. */
export function barsOf(steps: readonly Timed[]): readonly (Bar | undefined)[] {
  let end = steps.map(startOf).find((start) => start !== undefined) ?? 0;
  const spans = steps.map((step) => {
    if (!step.timing?.totalNs) return undefined;
    const start = startOf(step) ?? end;
    end = start + step.timing.totalNs;
    return { start, end };
  });
  const measured = spans.filter((span) => span !== undefined);
  const from = Math.min(...measured.map(({ start }) => start));
  const whole = Math.max(...measured.map((span) => span.end)) - from;
  return spans.map(
    (span) => span && { start: (span.start - from) / whole, length: (span.end - span.start) / whole },
  );
}

/** Nanoseconds, as precise as numbers are. */
const startOf = ({ timing }: Timed): number | undefined =>
  timing?.startedAt ? Date.parse(timing.startedAt) * 1e6 : undefined;
