import type { Context } from '../../loaders/context.ts';
import { METRICS_FIELDS, type RunStep, STEP_FIELDS, TIMING_FIELDS } from '../../runs/detail-fields.ts';
import { costOf } from '../../runs/prices.ts';
import type { RunParts } from '../../runs/runs-source.ts';
import { builder, LOOKED_UP, LOOK_UP_WEIGHT, sharing } from '../builder.ts';
import { NodeRef, NODES } from '../node.ts';
import { RunCostRef } from '../run-usage.ts';
import { fieldsOf } from '../table-fields.ts';

const RunStepTimingRef = builder.objectRef<RunParts['timing']>('RunStepTiming').implement({
  description:
    'How long a step took. What `totalNs` has beyond `modelNs` and `toolNs` is the work of the server in between.',
  fields: (t) => fieldsOf(t, TIMING_FIELDS),
});

export const RunStepRef = NODES.RunStep.ref.implement({
  description: 'One step of a run: a request to a language model, and its outcome.',
  interfaces: [NodeRef],
  fields: (t) => {
    const { id, ...others } = fieldsOf(t, STEP_FIELDS);
    const index = t.int({
      nullable: true,
      description:
        'The position of the step in its run, counted from 0. Null if the step belongs to no run, or its run does not have it. For a step that was looked up by id, it takes another upstream request.',
      extensions: { costIfLookedUp: LOOK_UP_WEIGHT },
      resolve: (step, _args, context) => step.index ?? indexOf(step, context),
    });
    const timing = t.field({
      ...LOOKED_UP,
      type: RunStepTimingRef,
      description:
        'How long the step took; null if it was not measured, as of steps that have not ended (REST: `GET /v1/steps/{step_id}/metrics`). It takes an upstream request for each step.',
      extensions: sharing('timing'),
      resolve: ({ id: stepId }, _args, { lookUps }) => lookUps.measured('timing', stepId),
    });
    const cost = t.field({
      type: RunCostRef,
      nullable: true,
      description: 'What the step cost; null if its model has no price.',
      resolve: (step, _args, { options: { prices } }) => prices && costOf([step], prices),
    });
    return { id, index, ...others, timing, cost };
  },
});

export const RunMetricsRef = builder.objectRef<RunParts['metrics']>('RunMetrics').implement({
  description: 'What the runs API measured of a run as a whole.',
  fields: (t) => fieldsOf(t, METRICS_FIELDS),
});

async function indexOf({ id, runId }: RunStep, { lookUps }: Context): Promise<number | null> {
  if (runId === null) return null;
  const { items } = await lookUps.steps(runId).read((some) => some.some((step) => step.id === id));
  const index = items.findIndex((step) => step.id === id);
  return index === -1 ? null : index;
}
