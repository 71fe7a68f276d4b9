import type { Random } from './random.ts';
import type { Scene } from './scenes.ts';

/** How a run ended: one of the pairs of status and stop reason that Letta 0.16.7 writes. */
export interface Outcome {
  readonly status: string;
  readonly stopReason: string | null;
}

const weighted: readonly (readonly [perMille: number, status: string, stopReason: string | null])[] = [
  [718, 'completed', 'end_turn'],
  [35, 'completed', 'requires_approval'],
  [20, 'completed', 'max_steps'],
  [55, 'completed', 'tool_rule'],
  [30, 'failed', 'error'],
  [22, 'failed', 'llm_api_error'],
  [10, 'failed', 'invalid_llm_response'],
  [12, 'failed', 'invalid_tool_call'],
  [8, 'failed', 'no_tool_call'],
  [8, 'failed', 'max_tokens_exceeded'],
  [6, 'failed', 'context_window_overflow_in_system_prompt'],
  [8, 'failed', 'insufficient_credits'],
  [8, 'failed', null],
  [60, 'cancelled', 'cancelled'],
];

const OUTCOMES = weighted.flatMap(([perMille, status, stopReason]) =>
  Array.from({ length: perMille }, (): Outcome => ({ status, stopReason })),
);

const WORKING: Outcome = { status: 'running', stopReason: null };
const WAITING: Outcome = { status: 'created', stopReason: null };

/**
 * @param fromNewest 0 for the newest run; some of the last few hundred are still running
 * @param canHaveEnded whether there was time enough for it
 */
export function chooseOutcome(random: Random, fromNewest: number, canHaveEnded: boolean): Outcome {
  // Older runs can be unfinished too, after a crash of the server.
  const active = fromNewest === 0 || random.chance(fromNewest < 300 ? 0.12 : 0.0005) || !canHaveEnded;
  if (active) return random.chance(0.7) ? WORKING : WAITING;
  return chooseEnding(random);
}

/** Chooses how a run ends. */
export function chooseEnding(random: Random): Outcome {
  return OUTCOMES[Math.floor(random.next() * OUTCOMES.length)] ?? WORKING;
}

/** What went wrong where it doesn't depend on the tools of a scene. */
const FAILURES: Readonly<Record<string, string>> = {
  llm_api_error: 'The model provider answered 529 Overloaded after 3 attempts',
  invalid_llm_response: 'The model returned an empty choice list',
  no_tool_call: 'No tool was called, although the agent requires one',
  max_tokens_exceeded: 'The answer was cut off at 4096 tokens',
  context_window_overflow_in_system_prompt: 'The system prompt alone takes 131,904 of 128,000 tokens',
  insufficient_credits: 'The organization has no credits left',
};

function messageOf(stopReason: string | null, { calls, approved }: Scene): string {
  if (stopReason === 'error') return calls[0].error;
  if (stopReason === 'invalid_tool_call') {
    return `Tool '${approved.name}' was called without its argument '${Object.keys(approved.arguments)[0]}'`;
  }
  return FAILURES[stopReason ?? ''] ?? 'Connection to the worker was lost';
}

/** Returns `metadata.error`: a string from plain requests, an object from streams. */
export function failureOf(random: Random, runId: string, stopReason: string | null, scene: Scene): unknown {
  const message = messageOf(stopReason, scene);
  if (random.chance(0.5)) return message;
  return {
    message_type: 'error_message',
    run_id: runId,
    error_type: stopReason ?? 'internal_error',
    message: 'An error occurred during agent execution.',
    detail: message,
    seq_id: random.between(1, 240),
  };
}
