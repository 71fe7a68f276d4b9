import {
  type Recognized,
  type RunEnumValue,
  type RunStatus,
  type StopReason,
  UNRECOGNIZED,
} from './run-enums.ts';
import type { Run } from './run.ts';

export type RunOutcome = RunEnumValue<'outcome'>;

interface OutcomeTable {
  /** Null if the stop reason decides. */
  readonly status: Readonly<Record<RunStatus, RunOutcome | null>>;
  readonly stopReason: Readonly<Record<StopReason, RunOutcome>>;
  readonly noStopReason: RunOutcome;
}

/**
 * What has become of a run: by its status and, if it is completed, by its stop reason, since Letta stores some failures as
 * completed. The field `outcome`, its filter, counts and the explorer follow from this table.
 */
export const OUTCOMES: OutcomeTable = {
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

const BY_STATUS: ReadonlyMap<string, RunOutcome | null> = new Map(Object.entries(OUTCOMES.status));
const BY_STOP_REASON: ReadonlyMap<string, RunOutcome> = new Map(Object.entries(OUTCOMES.stopReason));

export function outcomeOf({ status, stopReason }: Pick<Run, 'status' | 'stopReason'>): Recognized<'outcome'> {
  const ofStatus = BY_STATUS.get(status ?? '');
  if (ofStatus !== null) return ofStatus ?? UNRECOGNIZED;
  if (stopReason === null) return OUTCOMES.noStopReason;
  return BY_STOP_REASON.get(stopReason) ?? UNRECOGNIZED;
}
