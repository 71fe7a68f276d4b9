import * as fc from 'fast-check';
import type { TimedStep } from './parts-model.ts';

/** A step as the server sends it. */
export type WireStep = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly model: string | null;
};

const tokens = fc.option(fc.oneof(fc.nat(100_000), fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })), {
  nil: null,
});

/** The steps of a run, oldest first. */
export function randomSteps(runId: string, maxLength: number): fc.Arbitrary<readonly WireStep[]> {
  const body = fc.record({
    model: fc.constantFrom('gpt-4o-mini', 'claude-sonnet', null),
    prompt_tokens: tokens,
    completion_tokens: tokens,
    total_tokens: tokens,
    cached_input_tokens: tokens,
    cache_write_tokens: fc.constant(null),
    reasoning_tokens: tokens,
    status: fc.constantFrom('pending', 'success', 'failed', 'cancelled', 'paused', null),
    stop_reason: fc.constantFrom('end_turn', 'error', 'bored', null),
    feedback: fc.constantFrom('positive', 'negative', null),
    tags: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 2 }),
    error_type: fc.constantFrom('LLMError', null),
    error_data: fc.constantFrom({ message: 'boom', traceback: 'Traceback…' }, null),
  });
  return fc.array(body, { maxLength, size: 'max' }).map((bodies) =>
    bodies.map((each, index) => ({
      id: `step-00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      run_id: runId,
      agent_id: 'agent-1',
      ...each,
    })),
  );
}

/**
 * The steps of a run with the times of their creation, of which several may be one, in the order in
 * which they were inserted. That isn't always the order of the list: ids of one time are in any order.
 */
export function timedSteps(runId: string, maxLength: number): fc.Arbitrary<readonly TimedStep[]> {
  const pauses = fc.array(fc.constantFrom(0, 0, 1), { minLength: maxLength, maxLength });
  const ids = fc.shuffledSubarray([...Array(maxLength).keys()], { minLength: maxLength });
  return fc.tuple(randomSteps(runId, maxLength), pauses, ids).map(([steps, waited, numbers]) => {
    let second = 0;
    return steps.map((step, index) => {
      second += waited[index] ?? 0;
      const id = `step-00000000-0000-4000-8000-${String(numbers[index]).padStart(12, '0')}`;
      return { id, created_at: String(second).padStart(4, '0'), wire: { ...step, id } };
    });
  });
}

/** Writes JSON as the server does: bigints are numbers. */
export function wireText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? JSON.rawJSON(String(item)) : item,
  );
}
