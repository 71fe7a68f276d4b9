import { IDS } from '../../../runs/ids.ts';
import { builder, LOOK_UP_DIRECTIVES, sharing } from '../builder.ts';
import { MessageTypeEnum } from '../enums.ts';
import { isOfTypes, RunMessageRef } from '../messages/index.ts';
import { RunRef } from '../run.ts';
import { ITEM_LIST_DIRECTIVES, itemArguments, itemConnection, pageOf } from './item-connection.ts';
import { RunMetricsRef } from './run-metrics.ts';
import { RunStepRef } from './run-step.ts';
import { RunUsageRef } from './run-usage.ts';

const STEP = { one: 'step', many: 'steps' };
const RunStepConnectionRef = itemConnection(RunStepRef, STEP);
const MESSAGE = { one: 'message', many: 'messages' };
const RunMessageConnectionRef = itemConnection(RunMessageRef, MESSAGE);

/** Reasoning, a call, its result and an answer, or fewer. Together they pay for the request as well. */
const STEP_MESSAGES_DIRECTIVES = { cost: { weight: 1 }, listSize: { assumedSize: 4 } };

// What happened in a run: each field needs a request of its own, but `steps` and `usage` share one.
builder.objectFields(RunRef, (t) => ({
  steps: t.field({
    type: RunStepConnectionRef,
    nullable: true,
    description:
      'The steps of the run, oldest first, a page at a time (REST: `GET /v1/runs/{run_id}/steps`). All pages of one run in the same operation take one upstream request.',
    args: itemArguments(t.arg, STEP),
    directives: ITEM_LIST_DIRECTIVES,
    extensions: sharing('steps'),
    resolve: async (run, args, { runParts }) => {
      const steps = await runParts.load('steps', run.id);
      return steps && pageOf(steps, args, STEP, IDS.step);
    },
  }),
  messages: t.field({
    type: RunMessageConnectionRef,
    nullable: true,
    description:
      "The messages of the run, oldest first, a page at a time (REST: `GET /v1/runs/{run_id}/messages`). If the run's `requestConfig` has `includeReturnMessageTypes`, the others are not in the list. All pages of one run in the same operation take one upstream request.",
    args: {
      ...itemArguments(t.arg, MESSAGE),
      types: t.arg({
        type: [MessageTypeEnum],
        description:
          'Only messages of these types; UNRECOGNIZED for all that are newer than the gateway. Cursors can be used with other types than those that they came from.',
      }),
    },
    directives: ITEM_LIST_DIRECTIVES,
    extensions: sharing('messages'),
    resolve: async (run, { types, ...args }, { runParts }) => {
      const isShown = isOfTypes(types);
      const messages = await runParts.load('messages', run.id);
      return messages && pageOf(messages.all, args, MESSAGE, IDS.message, isShown);
    },
  }),
  usage: t.field({
    type: RunUsageRef,
    nullable: true,
    description:
      'The tokens that the run used, over all of its steps. REST has a sum over the newest 50 (`GET /v1/runs/{run_id}/usage`).',
    directives: LOOK_UP_DIRECTIVES,
    extensions: sharing('steps'),
    resolve: async (run, _args, { runParts }) => {
      const steps = await runParts.load('steps', run.id);
      return steps && { steps };
    },
  }),
  metrics: t.field({
    type: RunMetricsRef,
    nullable: true,
    description:
      'Measurements of the run as a whole; null if there are none (REST: `GET /v1/runs/{run_id}/metrics`).',
    directives: LOOK_UP_DIRECTIVES,
    extensions: sharing('metrics'),
    resolve: (run, _args, { runParts }) => runParts.load('metrics', run.id),
  }),
}));

builder.objectFields(RunStepRef, (t) => ({
  messages: t.field({
    type: [RunMessageRef],
    nullable: true,
    description:
      'All messages that the step wrote, oldest first; null if the step belongs to no run. They are among those of `Run.messages`, and take the same upstream request.',
    directives: STEP_MESSAGES_DIRECTIVES,
    resolve: async ({ id, runId }, _args, { runParts }) => {
      const messages = runId === null ? null : await runParts.load('messages', runId);
      return messages && (messages.byStep.get(id) ?? []);
    },
  }),
}));
