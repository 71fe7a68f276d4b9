import { field, fieldTable } from './field-table.ts';
import { enumValues, type Recognized, type RunEnumValue, UNRECOGNIZED } from './run-enums.ts';
import type { Run } from './run.ts';

export type RunOutcome = RunEnumValue<'outcome'>;

/**
 * What has become of a run: by its status and, if that has null here, by its stop reason, since Letta stores some failures
 * as completed. The field `outcome`, its filter, counts and the explorer follow from this table.
 */
export const OUTCOMES: {
  readonly status: Readonly<Record<RunEnumValue<'status'>, RunOutcome | null>>;
  readonly stopReason: Readonly<Record<RunEnumValue<'stop_reason'>, RunOutcome>>;
  readonly noStopReason: RunOutcome;
} = {
  status: {
    created: 'unfinished',
    running: 'unfinished',
    completed: null,
    failed: 'failed',
    cancelled: 'cancelled',
  },
  stopReason: {
    end_turn: 'succeeded',
    error: 'failed',
    llm_api_error: 'failed',
    invalid_llm_response: 'failed',
    invalid_tool_call: 'failed',
    max_steps: 'cut_short',
    max_tokens_exceeded: 'failed',
    no_tool_call: 'failed',
    tool_rule: 'succeeded',
    cancelled: 'cancelled',
    insufficient_credits: 'failed',
    requires_approval: 'paused',
    context_window_overflow_in_system_prompt: 'failed',
  },
  noStopReason: 'succeeded',
};

/** The statuses that the API's `active` filter stands for. */
export const ACTIVE_STATUSES = enumValues('status').filter(
  (status) => OUTCOMES.status[status] === 'unfinished',
);

/** The field of a run, which isn't on the wire. */
export const OUTCOME_FIELD = fieldTable({
  outcome: field('enum value', 'What has become of the run.', { enum: 'outcome', isRequired: true }),
});

const BY_STATUS: ReadonlyMap<string | null, RunOutcome | null> = new Map(Object.entries(OUTCOMES.status));
const BY_STOP_REASON: ReadonlyMap<string, RunOutcome> = new Map(Object.entries(OUTCOMES.stopReason));

/** Returns the outcome of a run; UNRECOGNIZED for a status or a stop reason that is newer than the gateway. */
export function outcomeOf({ status, stopReason }: Pick<Run, 'status' | 'stopReason'>): Recognized<'outcome'> {
  const ofStatus = BY_STATUS.get(status);
  if (ofStatus !== null) return ofStatus ?? UNRECOGNIZED;
  return stopReason === null ? OUTCOMES.noStopReason : (BY_STOP_REASON.get(stopReason) ?? UNRECOGNIZED);
}
