import type { Traits } from './run-traits.ts';

/** The event of one step. The first calls are those of the scenario; look-ups follow. */
export type Event =
  | 'call'
  | 'look-up'
  | 'failing call'
  | 'interrupted call'
  | 'request'
  | 'reply'
  | 'cut reply'
  | 'nothing';

/** How a request was answered: by a person, or by what a client's tool returned. */
export type Answer = 'approved' | 'denied' | 'returned';

interface Ending {
  readonly event: Event;
  readonly status: 'pending' | 'success' | 'failed' | 'cancelled';
  /** The class of the error that Letta stores with the step. */
  readonly errorType?: string;
}

const NO_ANSWER = { event: 'nothing', status: 'failed' } as const;

/** How the last step of a run ends, by the stop reason of the run. */
const ENDINGS: Readonly<Record<string, Ending>> = {
  end_turn: { event: 'reply', status: 'success' },
  tool_rule: { event: 'call', status: 'success' },
  max_steps: { event: 'call', status: 'success' },
  requires_approval: { event: 'request', status: 'success' },
  error: { event: 'failing call', status: 'failed', errorType: 'ToolExecutionError' },
  llm_api_error: { ...NO_ANSWER, errorType: 'LLMServerError' },
  invalid_llm_response: { ...NO_ANSWER, errorType: 'LLMError' },
  invalid_tool_call: { event: 'failing call', status: 'failed', errorType: 'LettaToolCallError' },
  no_tool_call: { ...NO_ANSWER, errorType: 'LLMError' },
  max_tokens_exceeded: { event: 'cut reply', status: 'failed', errorType: 'LLMError' },
  context_window_overflow_in_system_prompt: { ...NO_ANSWER, errorType: 'ContextWindowExceededError' },
  insufficient_credits: { ...NO_ANSWER, errorType: 'LLMInsufficientCreditsError' },
  cancelled: { event: 'interrupted call', status: 'cancelled' },
};

const LOST: Ending = { event: 'interrupted call', status: 'failed', errorType: 'ConnectionError' };
const UNDER_WAY: Ending = { event: 'interrupted call', status: 'pending' };

/** Returns how the last step of a run ends. */
export function endingOf({ status, stop_reason, asks }: Traits['run']): Ending {
  // A run that paused stays as it was when it is cancelled later.
  if (asks !== null) return { event: 'request', status: 'success' };
  if (status === 'running') return UNDER_WAY;
  return ENDINGS[stop_reason ?? ''] ?? LOST;
}

export function eventsOf({ run, random }: Traits, steps: number): readonly Event[] {
  const { event: last } = endingOf(run);
  const before = steps - 1;
  const lookUps = (length: number): Event[] => Array.from({ length }, (): Event => 'look-up');
  if (before < 1) return steps === 0 ? [] : [last];
  if (run.answers !== null) return [...lookUps(before), last];
  if (last === 'failing call') return [...lookUps(before), last];
  // The result of a failed call is missing from then on, so only the reply follows.
  const hasFailed = last === 'nothing' || last === 'cut reply' || (last === 'reply' && random.chance(0.3));
  if (hasFailed) return [...lookUps(before - 1), 'failing call', last];
  const calls: Event[] = before === 1 ? ['call'] : ['call', 'call', ...lookUps(before - 2)];
  return [...calls, last];
}
