import type { StepRow } from '../model/step.ts';
import { listedSteps } from './step.ts';

/** The keys of Letta's `UsageStatistics`, in its order; those without a sum are always null. */
const SUMS = ['completion_tokens', 'prompt_tokens', 'total_tokens'] as const;
const NEVER_FILLED = ['prompt_tokens_details', 'completion_tokens_details'];

/**
 * Serializes the token usage of steps as JSON.
 * @throws RowError if Letta couldn't read one of them, as for a list of them
 */
export function usageOf(rows: readonly StepRow[]): string {
  // Letta makes the same objects of the rows as for the list.
  listedSteps(rows);
  const sums = SUMS.map((name) => `"${name}":${rows.reduce((sum, row) => sum + row[name], 0n)}`);
  return `{${[...sums, ...NEVER_FILLED.map((name) => `"${name}":null`)].join(',')}}`;
}
