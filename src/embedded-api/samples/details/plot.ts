import type { Random } from '../random.ts';

/** What happens in one step. */
export type Event =
  | 'call'
  | 'failing call'
  /** A call that ends the run with its error. */
  | 'fatal call'
  /** The same, because an argument is missing. */
  | 'wrong call'
  | 'two calls'
  | 'chart'
  /** A call that a person approves or denies. */
  | 'approval'
  /** The same, but nobody has answered yet. */
  | 'request'
  | 'answer'
  | 'cut answer'
  | 'thought'
  /** A call that nothing came back from. */
  | 'interrupted call'
  /** The model answered nothing. */
  | 'nothing';

interface Ending {
  readonly event: Event;
  readonly stepStatus: 'pending' | 'success' | 'failed' | 'cancelled';
  /** The class of the error that Letta stores with the step. */
  readonly errorType?: string;
}

/** How the last step of a run ends, by the stop reason of the run. */
const ENDINGS: Readonly<Record<string, Ending>> = {
  end_turn: { event: 'answer', stepStatus: 'success' },
  tool_rule: { event: 'call', stepStatus: 'success' },
  max_steps: { event: 'call', stepStatus: 'success' },
  requires_approval: { event: 'request', stepStatus: 'success' },
  error: { event: 'fatal call', stepStatus: 'failed', errorType: 'ToolExecutionError' },
  llm_api_error: { event: 'nothing', stepStatus: 'failed', errorType: 'LLMServerError' },
  invalid_llm_response: { event: 'nothing', stepStatus: 'failed', errorType: 'LLMError' },
  invalid_tool_call: { event: 'wrong call', stepStatus: 'failed', errorType: 'LettaToolCallError' },
  no_tool_call: { event: 'thought', stepStatus: 'failed', errorType: 'LLMError' },
  max_tokens_exceeded: { event: 'cut answer', stepStatus: 'failed', errorType: 'LLMError' },
  context_window_overflow_in_system_prompt: {
    event: 'nothing',
    stepStatus: 'failed',
    errorType: 'ContextWindowExceededError',
  },
  insufficient_credits: { event: 'nothing', stepStatus: 'failed', errorType: 'LLMInsufficientCreditsError' },
  cancelled: { event: 'interrupted call', stepStatus: 'cancelled' },
};

const LOST: Ending = { event: 'interrupted call', stepStatus: 'failed', errorType: 'ConnectionError' };
const UNDER_WAY: Ending = { event: 'interrupted call', stepStatus: 'pending' };

export function endingOf(status: string, stopReason: string | null): Ending {
  if (status === 'running') return UNDER_WAY;
  return ENDINGS[stopReason ?? ''] ?? LOST;
}

/** Chooses what happens in the steps before the last one; each failed run has a call that fails. */
export function eventsBefore(random: Random, count: number, isFailed: boolean): Event[] {
  const failing = isFailed ? count - 1 : random.chance(0.3) ? random.between(0, count - 1) : -1;
  const approval = random.chance(0.25) ? random.between(0, count - 1) : -1;
  return Array.from({ length: count }, (_, at): Event => {
    if (at === failing) return 'failing call';
    if (at === approval) return 'approval';
    if (random.chance(0.08)) return 'two calls';
    return random.chance(0.04) ? 'chart' : 'call';
  });
}
