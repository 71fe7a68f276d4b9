import * as fc from 'fast-check';
import type { NewStep } from '../../../embedded-api/model/rows.ts';

/** An id with a prefix and a version 4 UUID that begins with the number, such as `step-00000007-…`. */
export function numberedId(prefix: string, number: number): string {
  return `${prefix}-${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

/** A time, of which few are different. */
const FEW_TIMES = fc.integer({ min: 0, max: 9 }).map((tenths) => `2025-01-01T00:00:00.${tenths}00000Z`);

/** Steps of a run whose ids are in no order of time, and whose times repeat. */
export function randomSteps(runId: string, maxLength: number): fc.Arbitrary<NewStep[]> {
  return fc
    .array(FEW_TIMES, { maxLength })
    .map((times) =>
      times.map((created_at, at) => ({ created_at, id: numberedId('step', at), run_id: runId })),
    );
}
