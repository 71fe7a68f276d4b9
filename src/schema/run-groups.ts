import type { CountedRuns } from '../loaders/runs.ts';
import { oncePer } from '../runs/once-per.ts';
import { type CountedRun, groupRuns } from '../runs/run-stats.ts';
import { builder } from './builder.ts';
import { ENUM_REFS, recognize } from './enums.ts';
import { type Agent, AgentRef } from './node.ts';
import { countField } from './run-count.ts';
import { OF_GROUP } from './run-durations.ts';

/** The runs that have a value in common. */
interface CountedGroup<Value> extends CountedRuns {
  readonly value: Value;
}

/** Groups runs by a value, the largest group first. */
const groupedBy = <Name extends 'status' | 'stopReason' | 'agentId'>(name: Name) =>
  oncePer((counted: CountedRuns): readonly CountedGroup<CountedRun[Name]>[] =>
    groupRuns(counted.rows, (run) => run[name]).map(({ value, runs }) => ({ ...counted, value, rows: runs })),
  );

export const GROUPED_BY = {
  status: groupedBy('status'),
  stopReason: groupedBy('stopReason'),
  agent: groupedBy('agentId'),
};

const COUNT = countField('How many of the runs these are.');

export const RunStatusCountRef = builder.objectRef<CountedGroup<string | null>>('RunStatusCount').implement({
  description: 'The runs that have the same status.',
  fields: (t) => ({
    status: t.field({
      type: ENUM_REFS.status,
      description: 'The status.',
      resolve: ({ value }) => recognize('status', value ?? ''),
    }),
    rawStatus: t.exposeString('value', {
      nullable: true,
      description: 'The status as the runs API sent it; useful if `status` is UNRECOGNIZED.',
    }),
    count: t.field(COUNT),
  }),
});

export const RunStopReasonCountRef = builder
  .objectRef<CountedGroup<string | null>>('RunStopReasonCount')
  .implement({
    description: 'The runs that ended for the same reason, or those that have none.',
    fields: (t) => ({
      stopReason: t.field({
        type: ENUM_REFS.stop_reason,
        nullable: true,
        description: 'Why they ended; null for runs that have no stop reason, as before they end.',
        resolve: ({ value }) => (value === null ? null : recognize('stop_reason', value)),
      }),
      rawStopReason: t.exposeString('value', {
        nullable: true,
        description: 'The stop reason as the runs API sent it; useful if `stopReason` is UNRECOGNIZED.',
      }),
      count: t.field(COUNT),
    }),
  });

export const RunAgentCountRef = builder.objectRef<CountedGroup<string>>('RunAgentCount').implement({
  description: 'The runs of one agent.',
  fields: (t) => ({
    agent: t.field({
      type: AgentRef,
      description: 'The agent.',
      resolve: ({ value }): Agent => ({ id: value }),
    }),
    count: t.field(COUNT),
    failed: t.field(OF_GROUP.failed),
    durations: t.field(OF_GROUP.durations),
  }),
});
