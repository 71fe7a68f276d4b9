import type { RunStep } from '../../runs/details.ts';
import { type StepsOfModel, stepsByModel, sumOf, type TokenField } from '../../runs/usage.ts';
import { builder } from '../builder.ts';

/** Usage is worked out of steps when it is asked for. */
export interface Steps {
  readonly steps: readonly RunStep[];
}

/** Like the API's own sums, 0 for no steps. */
const total = (field: TokenField) => ({
  type: 'BigInt' as const,
  resolve: ({ steps }: Steps) => sumOf(steps, field) ?? 0,
});
const known = (field: TokenField) => ({
  type: 'BigInt' as const,
  nullable: true as const,
  resolve: ({ steps }: Steps) => sumOf(steps, field),
});

export const RunTokensRef = builder.interfaceRef<Steps>('RunTokens').implement({
  description: 'The tokens that some steps used.',
  fields: (t) => ({
    promptTokens: t.field({
      ...total('promptTokens'),
      description: 'The tokens that were sent to models.',
    }),
    completionTokens: t.field({
      ...total('completionTokens'),
      description: 'The tokens that models wrote.',
    }),
    totalTokens: t.field({
      ...total('totalTokens'),
      description: 'The tokens that were sent and written.',
    }),
    cachedInputTokens: t.field({
      ...known('cachedInputTokens'),
      description:
        "Of the tokens that were sent, those that came from a provider's cache; null if no step says.",
    }),
    cacheWriteTokens: t.field({
      ...known('cacheWriteTokens'),
      description:
        "Of the tokens that were sent, those that went into a provider's cache; null if no step says.",
    }),
    reasoningTokens: t.field({
      ...known('reasoningTokens'),
      description: 'Of the tokens that were written, those for reasoning; null if no step says.',
    }),
    stepCount: t.int({ description: 'The number of steps.', resolve: ({ steps }) => steps.length }),
  }),
});

export const RunUsageRef = builder.objectRef<Steps>('RunUsage');
const RunModelUsageRef = builder.objectRef<StepsOfModel>('RunModelUsage');

RunUsageRef.implement({
  description: 'The tokens that a run used, over all of its steps.',
  interfaces: [RunTokensRef],
  fields: (t) => ({
    byModel: t.field({
      type: [RunModelUsageRef],
      description: 'The same sums for each model, in the order in which the run first used them.',
      resolve: ({ steps }) => stepsByModel(steps),
    }),
  }),
});

RunModelUsageRef.implement({
  description: 'The tokens that the steps of a run with one model used.',
  interfaces: [RunTokensRef],
  fields: (t) => ({
    model: t.exposeString('model', {
      nullable: true,
      description: 'The name of the language model; null if the steps do not say.',
    }),
  }),
});
