import type { RunStep } from './detail-fields.ts';
import { memoize } from './memoize.ts';

/**
 * The kinds of tokens that have a price of their own, by their keys in the file of prices. Where a model has no price
 * for a kind, the price of the kind that it is part `of` counts.
 */
export const TOKEN_KINDS = {
  prompt: { of: undefined, description: 'Tokens that are sent to the model, but for the next two kinds.' },
  cachedInput: {
    of: 'prompt',
    description: "Of the tokens that are sent, those that come from the provider's cache.",
  },
  cacheWrite: {
    of: 'prompt',
    description: "Of the tokens that are sent, those that go into the provider's cache.",
  },
  completion: { of: undefined, description: 'Tokens that the model writes, but for the next kind.' },
  reasoning: { of: 'completion', description: 'Of the tokens that the model writes, those for reasoning.' },
} as const;

type TokenKind = keyof typeof TOKEN_KINDS;

/** The prices of one model for a million tokens. */
export type ModelPrices = Readonly<Record<TokenKind, number>>;

export interface Prices {
  /** An ISO 4217 code. */
  readonly currency: string;
  /** The prices of each model, by its handle or its name. */
  readonly models: ReadonlyMap<string, ModelPrices>;
}

/** Letta counts the reasoning of these providers' models beside their completion, and not as part of it. */
const REASONING_APART: ReadonlySet<string | null> = new Set(['google_ai', 'google_vertex']);

export type RunCost = NonNullable<ReturnType<typeof costOf>>;

/**
 * Returns the cost of steps, cached with their list; null if no step has a known cost. It is complete if every step has
 * ended, its model has a price, and its tokens are known.
 */
export function costOf(steps: readonly RunStep[], prices: Prices) {
  return costs(prices)(steps);
}

const costs = memoize((prices: Prices) => memoize((steps: readonly RunStep[]) => addUp(steps, prices)));

function addUp(steps: readonly RunStep[], { currency, models }: Prices) {
  let total = 0;
  let pricedSteps = 0;
  let isComplete = true;
  for (const step of steps) {
    const price = models.get(step.modelHandle ?? '') ?? models.get(step.model ?? '');
    const tokens = price && tokensOf(step);
    if (tokens === undefined || step.status === 'pending') isComplete = false;
    if (price === undefined || tokens === undefined) continue;
    pricedSteps += 1;
    for (const [kind, some] of tokens) total += some * price[kind];
  }
  // Prices for a token have at most twelve decimals.
  return pricedSteps === 0 ? null : { amount: Number((total / 1e6).toFixed(12)), currency, isComplete };
}

/** Returns the number of tokens at each price; undefined if it is unknown, or negative. */
function tokensOf(step: RunStep): readonly (readonly [TokenKind, number])[] | undefined {
  const { promptTokens, completionTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens } = step;
  if (promptTokens === null || completionTokens === null) return undefined;
  // Zeros stand for tokens that are still to be counted.
  if (step.status === 'pending' && promptTokens + completionTokens === 0) return undefined;
  const [cachedInput, cacheWrite, reasoning] = [
    cachedInputTokens ?? 0,
    cacheWriteTokens ?? 0,
    reasoningTokens ?? 0,
  ];
  const tokens = [
    ['prompt', promptTokens - cachedInput - cacheWrite],
    ['cachedInput', cachedInput],
    ['cacheWrite', cacheWrite],
    ['completion', completionTokens - (REASONING_APART.has(step.providerName) ? 0 : reasoning)],
    ['reasoning', reasoning],
  ] as const;
  return tokens.some(([, some]) => some < 0) ? undefined : tokens;
}
