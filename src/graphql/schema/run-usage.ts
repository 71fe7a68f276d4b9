import { type ModelUsage, type TokenUsage, usageByModel, usageOf } from '../../runs/usage.ts';
import type { RunStep } from '../../runs/details.ts';
import { builder } from './builder.ts';

const TokenUsageRef = builder.interfaceRef<TokenUsage>('RunTokens').implement({
  description: 'The tokens that some steps used.',
  fields: (t) => ({
    promptTokens: t.expose('promptTokens', {
      type: 'BigInt',
      description: 'The tokens that were sent to models.',
    }),
    completionTokens: t.expose('completionTokens', {
      type: 'BigInt',
      description: 'The tokens that models wrote.',
    }),
    totalTokens: t.expose('totalTokens', {
      type: 'BigInt',
      description: 'The tokens that were sent and written.',
    }),
    cachedInputTokens: t.expose('cachedInputTokens', {
      type: 'BigInt',
      nullable: true,
      description:
        "Of the tokens that were sent, those that came from a provider's cache; null if no step says.",
    }),
    cacheWriteTokens: t.expose('cacheWriteTokens', {
      type: 'BigInt',
      nullable: true,
      description:
        "Of the tokens that were sent, those that went into a provider's cache; null if no step says.",
    }),
    reasoningTokens: t.expose('reasoningTokens', {
      type: 'BigInt',
      nullable: true,
      description: 'Of the tokens that were written, those for reasoning; null if no step says.',
    }),
    stepCount: t.exposeInt('stepCount', { description: 'The number of steps.' }),
  }),
});

/** The usage of a run, and its steps. */
interface RunUsage extends TokenUsage {
  readonly steps: readonly RunStep[];
}

export const RunUsageRef = builder.objectRef<RunUsage>('RunUsage');
const RunModelUsageRef = builder.objectRef<ModelUsage>('RunModelUsage');

RunUsageRef.implement({
  description: 'The tokens that a run used, over all of its steps.',
  interfaces: [TokenUsageRef],
  fields: (t) => ({
    byModel: t.field({
      type: [RunModelUsageRef],
      description: 'The same for each model, in the order in which the run first used them.',
      resolve: ({ steps }) => usageByModel(steps),
    }),
  }),
});

RunModelUsageRef.implement({
  description: 'The tokens that the steps of a run with one model used.',
  interfaces: [TokenUsageRef],
  fields: (t) => ({
    model: t.exposeString('model', {
      nullable: true,
      description: 'The name of the language model; null if the steps do not say.',
    }),
  }),
});

export function runUsage(steps: readonly RunStep[]): RunUsage {
  return { ...usageOf(steps), steps };
}
