import type { NewStep } from '../model/rows.ts';
import { microsOf } from '../model/timestamps.ts';
import type { describeRun } from '../samples/details/run-details.ts';
import type { RunStore } from '../store/store.ts';

/** One change of the store, at a time in microseconds since the epoch. */
export interface Event {
  readonly at: number;
  readonly apply: (store: RunStore) => void;
  /** Set for the change with which a run ends; what follows is its callback. */
  readonly isEnd?: true;
}

/** What a step has before the model has answered. */
const PENDING: Partial<NewStep> = {
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
};

/** Makes the events of a run: a step begins, its messages are stored, it ends. */
export function stepEvents({ steps, messages, stepMicros }: ReturnType<typeof describeRun>): Event[] {
  const events = [
    ...steps.flatMap((step): Event[] => {
      const at = microsOf(step.created_at);
      return [
        { at, apply: (store) => store.steps.insert([{ ...step, ...PENDING }]) },
        { at: at + stepMicros, apply: (store) => store.steps.update(step.id, step) },
      ];
    }),
    ...messages.map((message): Event => ({
      at: microsOf(message.created_at),
      apply: (store) => store.messages.insert([message]),
    })),
  ];
  // What happens at the same time stays in this order, so a step begins before its messages.
  return events.toSorted((a, b) => a.at - b.at);
}
