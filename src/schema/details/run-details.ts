import type { ArgBuilder } from '@pothos/core';
import { encodeItemCursor } from '../../lists/pages/cursor.ts';
import type { PageRules } from '../../lists/pages/page-arguments.ts';
import type { Context } from '../../loaders/context.ts';
import { IDS } from '../../runs/ids.ts';
import { ASSUMED_RUN_ITEMS, DEFAULT_LIST_ROWS, MAX_LIST_ROWS } from '../../runs/limits.ts';
import { messagesByStep, showsCalls, toolNamesOf } from '../../runs/messages.ts';
import { costOf } from '../../runs/prices.ts';
import { builder, LOOKED_UP, LOOK_UP_WEIGHT, ONE_ITEM, sharing, type Types } from '../builder.ts';
import { connectionOf, pageArguments, pageField } from '../connection.ts';
import { ENUM_REFS } from '../enums.ts';
import { itemPage } from '../list-page.ts';
import { RunCostRef, RunUsageRef, stepsOf } from '../run-usage.ts';
import { RunRef } from '../run.ts';
import { failureOf, RunFailureRef } from './run-failure.ts';
import { isOfTypes, RunMessageRef } from './run-message.ts';
import { RunMetricsRef, RunStepRef } from './run-step.ts';

const SIZES = { maxRows: MAX_LIST_ROWS, defaultRows: DEFAULT_LIST_ROWS };
const STEPS: PageRules = { noun: 'step', cursors: IDS.step, ...SIZES };
export const MESSAGES: PageRules = { noun: 'message', cursors: IDS.message, ...SIZES };

// A page of these lists nearly always takes one request, however large it is.
const STEP_PAGE = pageField(
  connectionOf(RunStepRef, STEPS, ({ id }) => encodeItemCursor(id)),
  ASSUMED_RUN_ITEMS,
  LOOK_UP_WEIGHT,
);
export const MESSAGE_PAGE = pageField(
  connectionOf(RunMessageRef, MESSAGES, ({ id }) => encodeItemCursor(id)),
  ASSUMED_RUN_ITEMS,
  LOOK_UP_WEIGHT,
);

export function messageArguments(arg: ArgBuilder<Types>) {
  return {
    ...pageArguments(arg, MESSAGES),
    types: arg({
      type: [ENUM_REFS.message_type],
      description:
        'Only messages of these types; UNRECOGNIZED for all that are newer than the gateway. Cursors can be used with other types than those that they came from.',
    }),
  };
}

/** Options of a field that is computed from the steps, which are requested once. */
const OF_STEPS = { ...LOOKED_UP, extensions: sharing('steps') };

builder.objectFields(RunRef, (t) => ({
  failure: t.field({
    ...OF_STEPS,
    type: RunFailureRef,
    description:
      'Why the run failed or was cut short; null unless `outcome` is FAILED or CUT_SHORT. In lists, steps are looked up only of such runs, and only where neither `metadata` nor `stopReason` has what is selected.',
    resolve: (run, _args, context) => failureOf(run, context),
  }),
  steps: t.field({
    ...STEP_PAGE,
    description:
      'The steps of the run, oldest first, a page at a time (REST: `GET /v1/runs/{run_id}/steps`). All pages of one run in the same operation share their upstream requests: one, if it has fewer than 200.',
    args: pageArguments(t.arg, STEPS),
    extensions: sharing('steps'),
    resolve: (run, args, { lookUps, runById }, info) => {
      runById.remember([run]);
      return itemPage(STEPS, args, info, { fromStart: () => lookUps.steps(run.id) });
    },
  }),
  messages: t.field({
    ...MESSAGE_PAGE,
    description:
      "The messages of the run, oldest first, a page at a time (REST: `GET /v1/runs/{run_id}/messages`). If the run's `requestConfig` has `includeReturnMessageTypes`, the others are not in the list. All pages of one run in the same operation share their upstream requests, nearly always one.",
    args: messageArguments(t.arg),
    extensions: sharing('messages'),
    resolve: (run, args, { lookUps, runById }, info) => {
      runById.remember([run]);
      const isShown = isOfTypes(args.types);
      return itemPage(MESSAGES, args, info, { fromStart: () => lookUps.messages(run.id), isShown });
    },
  }),
  usage: t.field({
    ...OF_STEPS,
    type: RunUsageRef,
    description:
      'The tokens that the run used, over all of its steps. REST has a sum over the newest 50 (`GET /v1/runs/{run_id}/usage`).',
    resolve: async ({ id }, _args, context) => ({ steps: await stepsOf(id, context) }),
  }),
  cost: t.field({
    ...OF_STEPS,
    type: RunCostRef,
    description:
      'What the run cost, over all of its steps; null, and never 0, if none of its models has a price. Of a run under way, what its steps cost so far.',
    resolve: async ({ id }, _args, context) => {
      const { prices } = context.options;
      return prices && costOf(await stepsOf(id, context), prices);
    },
  }),
  metrics: t.field({
    ...LOOKED_UP,
    type: RunMetricsRef,
    description:
      'Measurements of the run as a whole; null if there are none (REST: `GET /v1/runs/{run_id}/metrics`).',
    extensions: sharing('metrics'),
    resolve: (run, _args, { lookUps }) => lookUps.measured('metrics', run.id),
  }),
}));

builder.objectFields(RunStepRef, (t) => ({
  messages: t.field({
    type: [RunMessageRef],
    nullable: true,
    description:
      'All messages that the step wrote, oldest first; null if the step belongs to no run. They are among those of `Run.messages`, and take the same upstream requests.',
    // Reasoning, a call, its result and an answer, or fewer. Together these messages pay for the request, too.
    directives: { cost: { weight: 1 }, listSize: { assumedSize: 4 } },
    resolve: ({ id, runId }, _args, context) => (runId === null ? null : messagesOf(id, runId, context)),
  }),
  toolNames: t.field({
    type: ['String'],
    nullable: true,
    description:
      'The names of the tools that the step called, or asked to call, in order, each once; empty if it called none. They come from its messages, and take the same upstream requests. Null if they are not known: the step belongs to no run, or the run was started with a choice of message types (`includeReturnMessageTypes`) that leaves calls out.',
    directives: { ...LOOKED_UP.directives, ...ONE_ITEM },
    extensions: { ...sharing('messages'), costIfLookedUp: LOOK_UP_WEIGHT },
    resolve: async ({ id, runId }, _args, context) => {
      if (runId === null) return null;
      const [run, messages] = await Promise.all([
        context.runById.load(runId),
        messagesOf(id, runId, context),
      ]);
      return run !== null && showsCalls(run) ? toolNamesOf(messages) : null;
    },
  }),
}));

async function messagesOf(stepId: string, runId: string, { lookUps }: Context) {
  const { items } = await lookUps.messages(runId).read();
  return messagesByStep(items).get(stepId) ?? [];
}
