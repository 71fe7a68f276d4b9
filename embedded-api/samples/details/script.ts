import type { Actors } from './actors.ts';

/** What happens in one step. */
export type Event =
  /** The first call of the scenario, then the second, then look-ups. */
  | 'call'
  | 'both calls'
  | 'look-up'
  /** The first call fails. */
  | 'failing call'
  /** It ends the run with its error. */
  | 'fatal call'
  /** The same by the third call, because an argument is missing. */
  | 'wrong call'
  /** The third call, which a person approves or denies. */
  | 'approved call'
  | 'denied call'
  /** The same, but nobody has answered yet. */
  | 'request'
  | 'reply'
  | 'cut reply'
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
  end_turn: { event: 'reply', stepStatus: 'success' },
  tool_rule: { event: 'call', stepStatus: 'success' },
  max_steps: { event: 'call', stepStatus: 'success' },
  requires_approval: { event: 'request', stepStatus: 'success' },
  error: { event: 'fatal call', stepStatus: 'failed', errorType: 'ToolExecutionError' },
  llm_api_error: { event: 'nothing', stepStatus: 'failed', errorType: 'LLMServerError' },
  invalid_llm_response: { event: 'nothing', stepStatus: 'failed', errorType: 'LLMError' },
  invalid_tool_call: { event: 'wrong call', stepStatus: 'failed', errorType: 'LettaToolCallError' },
  no_tool_call: { event: 'thought', stepStatus: 'failed', errorType: 'LLMError' },
  max_tokens_exceeded: { event: 'cut reply', stepStatus: 'failed', errorType: 'LLMError' },
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

function eventsBefore({ random, run }: Actors, count: number, last: Event): Event[] {
  const lookUps = (length: number): Event[] => Array.from({ length }, (): Event => 'look-up');
  if (count === 0) return [];
  if (last === 'fatal call') return lookUps(count);
  // What a failed call would have found is missing from then on, so that nothing but the reply follows.
  const isFailing = run.status === 'failed' || (last === 'reply' && random.chance(0.3));
  if (isFailing) return [...lookUps(count - 1), 'failing call'];
  if (count === 1) return [last === 'reply' ? 'both calls' : 'call'];
  const events: Event[] = ['call', 'call', ...lookUps(count - 2)];
  if (count > 3 && random.chance(0.4))
    events[count - 1] = random.chance(0.7) ? 'approved call' : 'denied call';
  return events;
}

/** What the agent replies after some events. */
export function replyAfter({ scenario: { replies } }: Actors, events: readonly Event[]): string {
  if (events.includes('failing call')) return replies.failed;
  if (events.length === 0) return replies.question;
  if (events.includes('approved call')) return `${replies.done} ${replies.approved}`;
  if (events.includes('denied call')) return `${replies.done} ${replies.denied}`;
  return replies.done;
}
