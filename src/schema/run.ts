import { OUTCOME_FIELD, outcomeOf } from '../runs/outcomes.ts';
import { REQUEST_CONFIG_FIELDS, RUN_FIELDS } from '../runs/run-fields.ts';
import type { RunRequestConfig } from '../runs/run.ts';
import { builder, LOOK_UP_WEIGHT, sharing } from './builder.ts';
import { AgentRef, NodeRef, NODES } from './node.ts';
import { fieldsOf } from './table-fields.ts';

const RunRequestConfigRef = builder.objectRef<RunRequestConfig>('RunRequestConfig').implement({
  description: 'How the messages of a run were requested.',
  fields: (t) => fieldsOf(t, REQUEST_CONFIG_FIELDS),
});

export const RunRef = NODES.Run.ref.implement({
  description: 'One execution of an AI agent, with its status, outcome and duration.',
  interfaces: [NodeRef],
  fields: (t) => {
    const totalDurationNs = t.field({
      type: 'Nanoseconds',
      nullable: true,
      description: RUN_FIELDS.totalDurationNs.description,
      // The API reports another duration for a single run than in lists; that of lists is in the run's metrics.
      extensions: { requestOutsideLists: LOOK_UP_WEIGHT, ...sharing('metrics') },
      resolve: (run, _args, { lookUps }) =>
        run.hasDurationOfLists
          ? run.totalDurationNs
          : lookUps.measured('metrics', run.id).then((metrics) => metrics?.durationNs ?? run.totalDurationNs),
    });
    const agent = t.field({
      type: AgentRef,
      nullable: true,
      description: 'The agent that ran. All but its id takes a look-up.',
      resolve: (run) => ({ id: run.agentId }),
    });
    const fields = fieldsOf(t, RUN_FIELDS, { types: { config: RunRequestConfigRef } });
    // The most important fields come first; the others follow in the order of the runs API.
    const { id, agentId, status, rawStatus, stopReason, rawStopReason, createdAt, completedAt } = fields;
    const { outcome } = fieldsOf(t, OUTCOME_FIELD, { read: outcomeOf });
    const ending = { outcome, status, rawStatus, stopReason, rawStopReason };
    const times = { createdAt, completedAt, totalDurationNs, ttftNs: fields.ttftNs };
    const first = { id, agentId, agent, ...ending, ...times, background: fields.background };
    return { ...first, ...fields, ...first };
  },
});
