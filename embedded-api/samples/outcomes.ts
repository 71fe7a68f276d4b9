import type { Random } from './random.ts';

/** How a run ended: one of the pairs of status and stop reason that Letta 0.16.7 writes. */
export interface Outcome {
  readonly status: string;
  readonly stopReason: string | null;
  /** The error, where it doesn't depend on the tools of a scenario. */
  readonly failure?: string | undefined;
}

type Weighted = readonly [perMille: number, status: string, stopReason: string | null, failure?: string];

const weighted: readonly Weighted[] = [
  [718, 'completed', 'end_turn'],
  [35, 'completed', 'requires_approval'],
  [20, 'completed', 'max_steps'],
  [55, 'completed', 'tool_rule'],
  [30, 'failed', 'error'],
  [22, 'failed', 'llm_api_error', 'The model provider answered 529 Overloaded after 3 attempts'],
  [10, 'failed', 'invalid_llm_response', 'The model returned an empty choice list'],
  [12, 'failed', 'invalid_tool_call'],
  [8, 'failed', 'no_tool_call', 'No tool was called, although the agent requires one'],
  [8, 'failed', 'max_tokens_exceeded', 'The answer was cut off at 4096 tokens'],
  [6, 'failed', 'context_window_overflow_in_system_prompt', 'The system prompt has 131,904 tokens'],
  [8, 'failed', 'insufficient_credits', 'The organization has no credits left'],
  [8, 'failed', null, 'Connection to the worker was lost'],
  [60, 'cancelled', 'cancelled'],
];

const OUTCOMES = weighted.flatMap(([perMille, status, stopReason, failure]) =>
  Array.from({ length: perMille }, (): Outcome => ({ status, stopReason, failure })),
);

const WORKING: Outcome = { status: 'running', stopReason: null };

export function chooseEnding(random: Random): Outcome {
  return OUTCOMES[Math.floor(random.next() * OUTCOMES.length)] ?? WORKING;
}

/**
 * @param fromNewest 0 for the newest run; some of the last few hundred are still running
 * @param canHaveEnded whether the run had time enough to end
 */
export function chooseOutcome(random: Random, fromNewest: number, canHaveEnded: boolean): Outcome {
  // Older runs can be unfinished too, after a crash of the server.
  const active = fromNewest === 0 || random.chance(fromNewest < 300 ? 0.12 : 0.0005) || !canHaveEnded;
  if (active) return random.chance(0.7) ? WORKING : { ...WORKING, status: 'created' };
  return chooseEnding(random);
}
