import type { Context } from '../../loaders/context.ts';
import type { RunStep } from '../../runs/details.ts';
import { builder, LOOK_UP_DIRECTIVES } from '../builder.ts';
import { recognize, StepFeedbackEnum, StepStatusEnum, StopReasonEnum } from '../enums.ts';
import { NodeRef } from '../node.ts';

export const RunStepRef = builder.objectRef<RunStep>('RunStep');

RunStepRef.implement({
  description: 'One step of a run: a request to a language model, and its outcome.',
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.exposeID('id', {
      description: "The step's id, `step-` and a UUID; the same as in REST. Also accepted as a cursor.",
    }),
    index: t.int({
      nullable: true,
      description:
        'The position of the step in its run, counted from 0. Null if the step belongs to no run, or its run does not have it. For a step that was looked up by id, it takes another upstream request.',
      extensions: { costIfLookedUp: LOOK_UP_DIRECTIVES.cost.weight },
      resolve: (step, _args, context) => step.index ?? indexOf(step, context),
    }),
    runId: t.exposeID('runId', {
      nullable: true,
      description: 'The id of the run that the step belongs to (REST: `run_id`).',
    }),
    agentId: t.exposeID('agentId', {
      nullable: true,
      description: 'The id of the agent that took the step (REST: `agent_id`).',
    }),
    status: t.field({
      type: StepStatusEnum,
      nullable: true,
      description: 'The status of the step; null if it is unknown.',
      resolve: ({ status }) => (status === null ? null : recognize('step_status', status)),
    }),
    rawStatus: t.exposeString('status', {
      nullable: true,
      description: 'The status as the runs API sent it; useful if `status` is UNRECOGNIZED.',
    }),
    stopReason: t.field({
      type: StopReasonEnum,
      nullable: true,
      description: 'Why the step ended; null until it has (REST: `stop_reason`).',
      resolve: ({ stopReason }) => (stopReason === null ? null : recognize('stop_reason', stopReason)),
    }),
    rawStopReason: t.exposeString('stopReason', {
      nullable: true,
      description: 'The stop reason as the runs API sent it; useful if `stopReason` is UNRECOGNIZED.',
    }),
    model: t.exposeString('model', {
      nullable: true,
      description: 'The name of the language model, such as `gpt-4o-mini`.',
    }),
    modelHandle: t.exposeString('modelHandle', {
      nullable: true,
      description: 'The model with its provider, such as `openai/gpt-4o-mini` (REST: `model_handle`).',
    }),
    providerName: t.exposeString('providerName', {
      nullable: true,
      description: 'The provider of the model, such as `openai` (REST: `provider_name`).',
    }),
    contextWindowLimit: t.expose('contextWindowLimit', {
      type: 'BigInt',
      nullable: true,
      description: 'The number of tokens that the model was allowed to see (REST: `context_window_limit`).',
    }),
    promptTokens: t.expose('promptTokens', {
      type: 'BigInt',
      nullable: true,
      description: 'The tokens that were sent to the model (REST: `prompt_tokens`).',
    }),
    completionTokens: t.expose('completionTokens', {
      type: 'BigInt',
      nullable: true,
      description: 'The tokens that the model wrote (REST: `completion_tokens`).',
    }),
    totalTokens: t.expose('totalTokens', {
      type: 'BigInt',
      nullable: true,
      description: 'The tokens that were sent and written (REST: `total_tokens`).',
    }),
    cachedInputTokens: t.expose('cachedInputTokens', {
      type: 'BigInt',
      nullable: true,
      description:
        "Of the tokens that were sent, those that came from the provider's cache; null if it did not say (REST: `cached_input_tokens`).",
    }),
    cacheWriteTokens: t.expose('cacheWriteTokens', {
      type: 'BigInt',
      nullable: true,
      description:
        "Of the tokens that were sent, those that went into the provider's cache; null if it did not say (REST: `cache_write_tokens`).",
    }),
    reasoningTokens: t.expose('reasoningTokens', {
      type: 'BigInt',
      nullable: true,
      description:
        'Of the tokens that were written, those for reasoning; null if the provider did not say (REST: `reasoning_tokens`).',
    }),
    errorType: t.exposeString('errorType', {
      nullable: true,
      description: 'The kind of error that made the step fail; null if it did not fail (REST: `error_type`).',
    }),
    errorData: t.expose('errorData', {
      type: 'JSON',
      nullable: true,
      description:
        'Details of the error that made the step fail, as stored. They may contain stack traces (REST: `error_data`).',
    }),
    feedback: t.field({
      type: StepFeedbackEnum,
      nullable: true,
      description: 'The feedback that the step was given; null if there is none.',
      resolve: ({ feedback }) => (feedback === null ? null : recognize('feedback', feedback)),
    }),
    tags: t.exposeStringList('tags', { nullable: true, description: 'The tags of the step.' }),
    traceId: t.exposeString('traceId', {
      nullable: true,
      description: 'The id of the trace of the step, if it was traced (REST: `trace_id`).',
    }),
  }),
});

async function indexOf({ id, runId }: RunStep, { runParts }: Context): Promise<number | null> {
  if (runId === null) return null;
  const { items } = await runParts.load('steps', runId).read((some) => some.some((step) => step.id === id));
  const index = items.findIndex((step) => step.id === id);
  return index === -1 ? null : index;
}
