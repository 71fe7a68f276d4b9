import type { Step } from '../documents/run.ts';

/** The position and length of a step as parts of the time of all steps, from 0 to 1. */
export interface Bar {
  readonly start: number;
  readonly length: number;
}

type Timed = Pick<Step, 'timing'>;

/** A bar for each measured step. A step without a known start begins where the previous step ended. */
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

/** Returns nanoseconds; undefined if the start isn't known. */
const startOf = ({ timing }: Timed): number | undefined =>
  timing?.startedAt ? Date.parse(timing.startedAt) * 1e6 : undefined;
