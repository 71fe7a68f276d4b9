import type { StoredRun } from '../../model/rows.ts';
import { microsOf } from '../../model/timestamps.ts';
import { stampText } from '../instants.ts';

/** How long a step of a run takes that hasn't ended, in microseconds. */
const STEP_MICROS = 2_500_000;

/** When the steps of a run happened; they follow each other without a gap, and end before the run. */
export interface Timeline {
  /** How long each step took, in microseconds. */
  readonly stepMicros: number;
  /** When a part of a step happened, from 0 (its start) to 1 (its end); as a timestamp. */
  readonly at: (step: number, part: number) => string;
}

export function timelineOf(
  { created_at, completed_at }: Pick<StoredRun, 'created_at' | 'completed_at'>,
  steps: number,
): Timeline {
  const created = microsOf(created_at);
  const span = completed_at === null ? STEP_MICROS * steps : microsOf(completed_at) - created;
  // A little is left at both ends.
  const stepMicros = Math.floor((span * 0.96) / Math.max(1, steps));
  const startOf = (step: number): number => created + Math.floor(span * 0.02) + step * stepMicros;
  return { stepMicros, at: (step, part) => stampText(startOf(step) + Math.floor(part * stepMicros)) };
}
