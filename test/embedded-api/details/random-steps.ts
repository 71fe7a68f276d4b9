import * as fc from 'fast-check';
import type { NewStep } from '../../../src/embedded-api/model/step.ts';

/** An id with a prefix and a version 4 UUID that begins with the number, such as `step-00000007-…`. */
export function numberedId(prefix: string, number: number): string {
  return `${prefix}-${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

/** A time, of which few are different. */
const FEW_TIMES = fc.integer({ min: 0, max: 9 }).map((tenths) => `2025-01-01T00:00:00.${tenths}00000Z`);

/** Steps of a run whose ids are in no order of time, and whose times repeat. */
export function randomSteps(runId: string, maxLength: number): fc.Arbitrary<NewStep[]> {
  const step = fc.record({
    created_at: FEW_TIMES,
    prompt_tokens: fc.nat(1000),
    completion_tokens: fc.nat(1000),
    total_tokens: fc.nat(2000),
  });
  return fc
    .array(step, { maxLength })
    .map((steps) => steps.map((one, at) => ({ ...one, id: numberedId('step', at), run_id: runId })));
}
