import type { Long, RunStep } from './details.ts';

/** The tokens that some steps used. */
export interface TokenUsage {
  readonly promptTokens: Long;
  readonly completionTokens: Long;
  readonly totalTokens: Long;
  /** Null if no step has this number; so are the next two. */
  readonly cachedInputTokens: Long | null;
  readonly cacheWriteTokens: Long | null;
  readonly reasoningTokens: Long | null;
  readonly stepCount: number;
}

/** The usage of the steps with one model; null for those of which it isn't known. */
export interface ModelUsage extends TokenUsage {
  readonly model: string | null;
}

/** Sums up the tokens of steps, exactly. A step without a number counts as 0, as in the API's own sums. */
export function usageOf(steps: readonly RunStep[]): TokenUsage {
  const sum = (name: TokenField): Long | null => add(steps.map((step) => step[name]));
  return {
    promptTokens: sum('promptTokens') ?? 0,
    completionTokens: sum('completionTokens') ?? 0,
    totalTokens: sum('totalTokens') ?? 0,
    cachedInputTokens: sum('cachedInputTokens'),
    cacheWriteTokens: sum('cacheWriteTokens'),
    reasoningTokens: sum('reasoningTokens'),
    stepCount: steps.length,
  };
}

/** Sums up the tokens of the steps with each model, in the order in which the models first occur. */
export function usageByModel(steps: readonly RunStep[]): readonly ModelUsage[] {
  const byModel = Map.groupBy(steps, ({ model }) => model);
  return [...byModel].map(([model, some]) => ({ model, ...usageOf(some) }));
}

type TokenField = Exclude<keyof TokenUsage, 'stepCount'>;

/** Returns null if there is nothing to add. */
function add(values: readonly (Long | null)[]): Long | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  const sum = known.reduce<number>((total, value) => total + Number(value), 0);
  // Doubles are exact as long as no sum on the way leaves the safe range.
  if (known.every((value) => typeof value === 'number' && value >= 0) && Number.isSafeInteger(sum))
    return sum;
  return shortened(known.reduce<bigint>((total, value) => total + BigInt(value), 0n));
}

function shortened(value: bigint): Long {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
