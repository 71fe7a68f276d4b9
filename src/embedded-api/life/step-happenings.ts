import type { RunDetails } from '../model/run-details.ts';
import type { NewStep } from '../model/step.ts';
import { microsOf } from '../samples/details/timeline.ts';
import type { Happening } from './happening.ts';

/** What a step has before the model has answered. */
const PENDING = {
  status: 'pending',
  prompt_tokens: 0,
  completion_tokens: 0,
  total_tokens: 0,
  cached_input_tokens: null,
  reasoning_tokens: null,
  prompt_tokens_details: null,
  completion_tokens_details: null,
  stop_reason: null,
  feedback: null,
  error_type: null,
  error_data: null,
} as const satisfies Partial<NewStep>;

/** Tells what happens in a run one by one: a step begins, its messages are stored, it ends with its metrics. */
export function stepHappenings({ steps, metrics, messages }: RunDetails): Happening[] {
  const measured = new Map(metrics.map((row) => [row.id, row]));
  const happenings = [
    ...steps.flatMap((step): Happening[] => {
      const start = microsOf(step.created_at);
      const row = measured.get(step.id);
      const begins: Happening = {
        at: start,
        apply: (store) => store.steps.insert([{ ...step, ...PENDING }]),
      };
      if (row === undefined) return [begins];
      const ends: Happening = {
        at: start + Math.floor(Number(row.step_ns) / 1000),
        apply: (store) => {
          store.steps.update(step.id, step);
          store.steps.insertMetrics([row]);
        },
      };
      return [begins, ends];
    }),
    ...messages.map((message): Happening => ({
      at: microsOf(message.created_at),
      apply: (store) => store.messages.insert([message]),
    })),
  ];
  // What happens at the same time stays in this order, so a step begins before its messages.
  return happenings.toSorted((a, b) => a.at - b.at);
}
