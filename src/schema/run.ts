import { REQUEST_CONFIG_FIELDS, RUN_FIELDS } from '../runs/run-fields.ts';
import type { Run, RunRequestConfig } from '../runs/run.ts';
import { AgentRef } from './agent.ts';
import { builder, LOOK_UP_DIRECTIVES, sharing } from './builder.ts';
import { fieldsOf } from './fields.ts';
import { NodeRef } from './node.ts';

const RunRequestConfigRef = builder.objectRef<RunRequestConfig>('RunRequestConfig').implement({
  description: 'How the messages of a run were requested.',
  fields: (t) => fieldsOf(t, REQUEST_CONFIG_FIELDS),
});

export const RunRef = builder.objectRef<Run>('Run').implement({
  description: 'One execution of an AI agent, with its status, outcome and duration.',
  interfaces: [NodeRef],
  fields: (t) => {
    const all = fieldsOf(t, RUN_FIELDS, {
      objects: { config: RunRequestConfigRef },
      some: {
        totalDurationNs: {
          // The API reports another duration for a single run than in lists; the one in lists is in its metrics.
          extensions: { costOutsideLists: LOOK_UP_DIRECTIVES.cost.weight, ...sharing('metrics') },
          resolve: (run, _args, { runParts }) => {
            if (run.isDurationMeasured) return run.totalDurationNs;
            return runParts
              .load('metrics', run.id)
              .then((metrics) => metrics?.durationNs ?? run.totalDurationNs);
          },
        },
      },
    });
    const agent = t.field({
      type: AgentRef,
      nullable: true,
      description: 'The agent that ran.',
      resolve: (run) => ({ id: run.agentId }),
    });
    // The most important ones come first; the others follow in the order of the runs API.
    const { id, agentId, status, rawStatus, stopReason, rawStopReason, ...others } = all;
    const { createdAt, completedAt, totalDurationNs, ttftNs, background, ...rest } = others;
    const outcome = { status, rawStatus, stopReason, rawStopReason };
    const times = { createdAt, completedAt, totalDurationNs, ttftNs };
    return { id, agentId, agent, ...outcome, ...times, background, ...rest };
  },
});
