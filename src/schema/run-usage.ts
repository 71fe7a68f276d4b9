import type { Context } from '../loaders/context.ts';
import type { CountedRuns } from '../loaders/run-lists.ts';
import { type RunStep, STEP_FIELDS } from '../runs/detail-fields.ts';
import type { RunCost } from '../runs/prices.ts';
import { type StepsOfModel, stepsByModel, sumOf } from '../runs/token-usage.ts';
import { builder, ONE_ITEM } from './builder.ts';
import { RunCountRef } from './run-counts.ts';
import { fieldsOf } from './table-fields.ts';

/** The steps over which a field of usage is added up, if it is selected. */
interface Steps {
  readonly steps: readonly RunStep[];
}

/** The fields of steps that are added up. As in the runs API, the first three sums are 0 without steps. */
const TOKEN_FIELDS = {
  promptTokens: { ...STEP_FIELDS.promptTokens, isRequired: true },
  completionTokens: { ...STEP_FIELDS.completionTokens, isRequired: true },
  totalTokens: { ...STEP_FIELDS.totalTokens, isRequired: true },
  cachedInputTokens: STEP_FIELDS.cachedInputTokens,
  cacheWriteTokens: STEP_FIELDS.cacheWriteTokens,
  reasoningTokens: STEP_FIELDS.reasoningTokens,
} as const;

const RunTokensRef = builder.interfaceRef<Steps>('RunTokens').implement({
  description: 'The tokens that some steps used: sums over the steps that have the number.',
  fields: (t) => ({
    ...fieldsOf(t, TOKEN_FIELDS, { read: ({ steps }, name) => sumOf(steps, name) }),
    stepCount: t.int({ description: 'The number of steps.', resolve: ({ steps }) => steps.length }),
  }),
});

const RunModelUsageRef = builder.objectRef<StepsOfModel>('RunModelUsage').implement({
  description: 'The tokens that the steps of a run with one model used.',
  interfaces: [RunTokensRef],
  fields: (t) => ({
    model: t.exposeString('model', {
      nullable: true,
      description: 'The name of the language model; null if the steps do not say.',
    }),
  }),
});

export const RunUsageRef = builder.objectRef<Steps>('RunUsage').implement({
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

type SummedRuns = Awaited<ReturnType<typeof stepsOfRuns>>;

export const RunStatsTokensRef = builder.objectRef<SummedRuns>('RunStatsTokens').implement({
  description: 'The tokens that runs used, over all of their steps.',
  interfaces: [RunTokensRef],
  fields: (t) => ({
    runCount: t.expose('runCount', {
      type: RunCountRef,
      description: 'How many runs were added up, and whether these are all of those that match.',
    }),
  }),
});

/** Reads all steps of a run. @throws UpstreamError */
export async function stepsOf(runId: string, { lookUps }: Context): Promise<readonly RunStep[]> {
  const { items } = await lookUps.steps(runId).read();
  return items;
}

/**
 * Reads the steps of the newest runs.
 *
 * @throws UpstreamError if the steps of one run can't be read, as if it was deleted meanwhile
 */
export async function stepsOfRuns({ rows: runs, isWhole }: CountedRuns, count: number, context: Context) {
  const summed = runs.slice(0, count);
  const steps = await Promise.all(summed.map(({ run }) => stepsOf(run.id, context)));
  const runCount = { value: summed.length, isWhole: isWhole && summed.length === runs.length };
  return { steps: steps.flat(), runCount };
}

export const RunCostRef = builder.objectRef<RunCost>('RunCost').implement({
  description:
    "What steps cost: their tokens by the prices of their models, which are the gateway's `PRICES`. With the sample runs, sample prices.",
  fields: (t) => ({
    amount: t.exposeFloat('amount', {
      description: 'The sum over all steps whose cost is known. It is rounded to twelve decimals.',
    }),
    currency: t.exposeString('currency', { description: 'The currency, an ISO 4217 code such as `USD`.' }),
    isComplete: t.exposeBoolean('isComplete', {
      description:
        'Whether this is all: false if the model of a step has no price, its tokens are not known, or it has not ended.',
    }),
  }),
});
