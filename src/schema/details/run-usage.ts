import type { RunStep } from '../../runs/detail-fields.ts';
import { type StepsOfModel, stepsByModel, sumOf, type TokenField } from '../../runs/usage.ts';
import { builder, ONE_ITEM } from '../builder.ts';

/** Usage is worked out of steps when it is asked for. */
export interface Steps {
  readonly steps: readonly RunStep[];
}

/** A sum that is 0 for no steps, like the API's own. */
const total = (field: TokenField, description: string) => ({
  type: 'BigInt' as const,
  description,
  resolve: ({ steps }: Steps) => sumOf(steps, field) ?? 0,
});
const known = (field: TokenField, description: string) => ({
  type: 'BigInt' as const,
  nullable: true as const,
  description: `Of the tokens that were ${description}; null if no step says.`,
  resolve: ({ steps }: Steps) => sumOf(steps, field),
});

export const RunTokensRef = builder.interfaceRef<Steps>('RunTokens').implement({
  description: 'The tokens that some steps used.',
  fields: (t) => ({
    promptTokens: t.field(total('promptTokens', 'The tokens that were sent to models.')),
    completionTokens: t.field(total('completionTokens', 'The tokens that models wrote.')),
    totalTokens: t.field(total('totalTokens', 'The tokens that were sent and written.')),
    cachedInputTokens: t.field(known('cachedInputTokens', "sent, those that came from a provider's cache")),
    cacheWriteTokens: t.field(known('cacheWriteTokens', "sent, those that went into a provider's cache")),
    reasoningTokens: t.field(known('reasoningTokens', 'written, those for reasoning')),
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
      directives: ONE_ITEM,
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
