import { IDS } from '../../runs/ids.ts';
import { builder, LOOK_UP_DIRECTIVES } from './builder.ts';
import { ITEM_LIST_DIRECTIVES, itemArguments, itemConnection, pageOf } from './item-connection.ts';
import { RunMetricsRef } from './run-metrics.ts';
import { RunStepRef } from './run-step.ts';
import { RunUsageRef } from './run-usage.ts';
import { RunRef } from './run.ts';

const STEP = { one: 'step', many: 'steps' };
const RunStepConnectionRef = itemConnection(RunStepRef, STEP);

// What happened in a run: each field needs a request of its own, but `steps` and `usage` share one.
builder.objectFields(RunRef, (t) => ({
  steps: t.field({
    type: RunStepConnectionRef,
    nullable: true,
    description:
      'The steps of the run, oldest first, a page at a time (REST: `GET /v1/runs/{run_id}/steps`). Pages of one run in the same operation take one request.',
    args: itemArguments(t.arg, STEP),
    directives: ITEM_LIST_DIRECTIVES,
    resolve: async (run, args, { runParts }) => {
      const steps = await runParts.load('steps', run.id);
      return steps && pageOf(steps, args, STEP, IDS.step);
    },
  }),
  usage: t.field({
    type: RunUsageRef,
    nullable: true,
    description:
      'The tokens that the run used, over all of its steps. REST has a sum over the newest 50 (`GET /v1/runs/{run_id}/usage`).',
    directives: LOOK_UP_DIRECTIVES,
    resolve: async (run, _args, { runParts }) => {
      const steps = await runParts.load('steps', run.id);
      return steps && { steps };
    },
  }),
  metrics: t.field({
    type: RunMetricsRef,
    nullable: true,
    description:
      'What was measured of the run as a whole; null if nothing was (REST: `GET /v1/runs/{run_id}/metrics`).',
    directives: LOOK_UP_DIRECTIVES,
    resolve: (run, _args, { runParts }) => runParts.load('metrics', run.id),
  }),
}));
