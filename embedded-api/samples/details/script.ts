import type { Actors } from './actors.ts';

/**
 * What happens in one step. Calls are the first of the scenario, then the second, then look-ups; a failing or fatal one
 * is the first, a wrong, approved or denied one the third, as is that of a request, which waits for an answer.
 */
export type Event =
  | `${'failing' | 'fatal' | 'wrong' | 'approved' | 'denied' | 'interrupted'} call`
  | 'call'
  | 'both calls'
  | 'look-up'
  | 'request'
  | 'reply'
  | 'cut reply'
  | 'nothing';

interface Ending {
  readonly event: Event;
  readonly stepStatus: 'pending' | 'success' | 'failed' | 'cancelled';
  /** The class of the error that Letta stores with the step. */
  readonly errorType?: string;
}

const NO_ANSWER = { event: 'nothing', stepStatus: 'failed' } as const;

/** How the last step of a run ends, by the stop reason of the run. */
const ENDINGS: Readonly<Record<string, Ending>> = {
  end_turn: { event: 'reply', stepStatus: 'success' },
  tool_rule: { event: 'call', stepStatus: 'success' },
  max_steps: { event: 'call', stepStatus: 'success' },
  requires_approval: { event: 'request', stepStatus: 'success' },
  error: { event: 'fatal call', stepStatus: 'failed', errorType: 'ToolExecutionError' },
  llm_api_error: { ...NO_ANSWER, errorType: 'LLMServerError' },
  invalid_llm_response: { ...NO_ANSWER, errorType: 'LLMError' },
  invalid_tool_call: { event: 'wrong call', stepStatus: 'failed', errorType: 'LettaToolCallError' },
  no_tool_call: { ...NO_ANSWER, errorType: 'LLMError' },
  max_tokens_exceeded: { event: 'cut reply', stepStatus: 'failed', errorType: 'LLMError' },
  context_window_overflow_in_system_prompt: { ...NO_ANSWER, errorType: 'ContextWindowExceededError' },
  insufficient_credits: { ...NO_ANSWER, errorType: 'LLMInsufficientCreditsError' },
  cancelled: { event: 'interrupted call', stepStatus: 'cancelled' },
};

const LOST: Ending = { event: 'interrupted call', stepStatus: 'failed', errorType: 'ConnectionError' };
const UNDER_WAY: Ending = { event: 'interrupted call', stepStatus: 'pending' };

export function endingOf({ status, stop_reason }: Actors['run']): Ending {
  if (status === 'running') return UNDER_WAY;
  return ENDINGS[stop_reason ?? ''] ?? LOST;
}

/** Writes what happens in a run, an event for each step. */
export function scriptOf(actors: Actors, steps: number): readonly Event[] {
  if (steps === 0) return [];
  const { event: last } = endingOf(actors.run);
  return [...eventsBefore(actors, steps - 1, last), last];
}

function eventsBefore({ random }: Actors, count: number, last: Event): Event[] {
  const lookUps = (length: number): Event[] => Array.from({ length }, (): Event => 'look-up');
  if (count === 0) return [];
  if (last === 'fatal call') return lookUps(count);
  // What a failed call would have found is missing from then on, so that nothing but the reply follows.
  if (last === 'nothing' || last === 'cut reply' || (last === 'reply' && random.chance(0.3)))
    return [...lookUps(count - 1), 'failing call'];
  if (count === 1) return [last === 'reply' ? 'both calls' : 'call'];
  const events: Event[] = ['call', 'call', ...lookUps(count - 2)];
  const decision = random.chance(0.7) ? 'approved call' : 'denied call';
  const isDecided = last === 'reply' && count > 2 && random.chance(0.4);
  return isDecided ? ['call', 'call', ...lookUps(count - 3), decision] : events;
}

/** What the agent replies after some events. */
export function replyAfter({ scenario: { replies } }: Actors, events: readonly Event[]): string {
  if (events.includes('failing call')) return replies.failed;
  if (events.length === 0) return replies.question;
  if (events.includes('approved call')) return `${replies.done} ${replies.approved}`;
  if (events.includes('denied call')) return `${replies.done} ${replies.denied}`;
  return replies.done;
}
