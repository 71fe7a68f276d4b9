import * as fc from 'fast-check';
import { enumValues } from '../../src/runs/run-enums.ts';

const MESSAGE_TYPES = enumValues('message_type');
const RUN_STATUSES = enumValues('status');
const STOP_REASONS = enumValues('stop_reason');

/** A run as the embedded API stores it and the wire shows it, with every field there is. */
export type RandomRun = Readonly<{
  id: string;
  status: string;
  created_at: string;
  completed_at: string | null;
  agent_id: string;
  conversation_id: string | null;
  base_template_id: string | null;
  background: boolean | null;
  metadata: Record<string, unknown> | null;
  request_config: Record<string, unknown> | null;
  stop_reason: string | null;
  callback_url: string | null;
  callback_sent_at: string | null;
  callback_status_code: number | null;
  callback_error: string | null;
  ttft_ns: number | null;
  total_duration_ns: number | null;
  run_ns: number | null;
}>;

export const AGENT_IDS = ['a', 'b', 'c'].map(
  (letter) => `agent-${letter.repeat(8)}-0000-4000-8000-000000000000`,
);
export const CONVERSATION_IDS = ['1', '2'].map(
  (digit) => `conv-${digit.repeat(8)}-0000-4000-8000-000000000000`,
);

const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const nanoseconds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const instant = fc.integer({ min: 0, max: 9_999_999 }).map((micros) => microsecond(micros));

const body = fc.record({
  status: fc.constantFrom(...RUN_STATUSES),
  completed_at: orNull(instant),
  agent_id: fc.constantFrom(...AGENT_IDS),
  conversation_id: orNull(fc.constantFrom(...CONVERSATION_IDS)),
  base_template_id: orNull(fc.constant('template-1')),
  background: orNull(fc.boolean()),
  metadata: orNull(
    fc
      .dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 2 }), {
        noNullPrototype: true,
        maxKeys: 3,
      })
      // Through its text: JSON.stringify writes -0 as 0.
      .map((value): Record<string, unknown> => JSON.parse(JSON.stringify(value))),
  ),
  request_config: orNull(
    fc.record(
      {
        use_assistant_message: fc.boolean(),
        assistant_message_tool_name: fc.string(),
        assistant_message_tool_kwarg: fc.string(),
        include_return_message_types: orNull(fc.subarray([...MESSAGE_TYPES])),
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
  ),
  stop_reason: orNull(fc.constantFrom(...STOP_REASONS)),
  callback_url: orNull(fc.webUrl()),
  callback_sent_at: orNull(instant),
  callback_status_code: orNull(fc.integer({ min: 100, max: 599 })),
  callback_error: orNull(fc.string({ unit: 'grapheme' })),
  ttft_ns: orNull(nanoseconds),
  total_duration_ns: orNull(nanoseconds),
  run_ns: orNull(nanoseconds),
});

/**
 * A list of runs with many equal and many neighbouring creation times: each run is created 0 or 1
 * microseconds after another, or up to a quarter of a second. In no particular order.
 */
export function randomRuns(count: number, seed: number): RandomRun[] {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(0, 1) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 250_000 }) },
  );
  const uuid = fc.uuid({ version: 4 });
  const rows = fc.sample(fc.tuple(step, uuid, body), { numRuns: count, seed });
  let micros = 0;
  return rows.map(([gap, id, rest]) => {
    micros += gap;
    return { id: `run-${id}`, created_at: microsecond(micros), ...rest };
  });
}

/** The instant so many microseconds into a certain day, as the wire writes it. */
function microsecond(micros: number): string {
  const whole = new Date(Date.UTC(2025, 2, 30) + Math.floor(micros / 1_000_000) * 1000)
    .toISOString()
    .slice(0, 19);
  const fraction = micros % 1_000_000;
  return fraction === 0 ? `${whole}Z` : `${whole}.${String(fraction).padStart(6, '0')}Z`;
}
