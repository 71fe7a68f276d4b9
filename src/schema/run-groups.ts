import { type Agent, AgentRef } from './agent.ts';
import { builder } from './builder.ts';
import { ENUM_REFS, recognize } from './enums.ts';
import { type RunCount, RunCountRef } from './run-count.ts';

/** Runs that have a value in common, and how many they are. */
export interface CountedGroup<Value> {
  readonly value: Value;
  readonly count: RunCount;
}

const COUNT = 'How many of the runs these are.';

export const RunStatusCountRef = builder.objectRef<CountedGroup<string | null>>('RunStatusCount').implement({
  description: 'The runs that have the same status.',
  fields: (t) => ({
    status: t.field({
      type: ENUM_REFS.status,
      description: 'The status.',
      resolve: ({ value }) => recognize('status', value ?? ''),
    }),
    rawStatus: t.string({
      nullable: true,
      description: 'The status as the runs API sent it; useful if `status` is UNRECOGNIZED.',
      resolve: ({ value }) => value,
    }),
    count: t.field({ type: RunCountRef, description: COUNT, resolve: ({ count }) => count }),
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
      rawStopReason: t.string({
        nullable: true,
        description: 'The stop reason as the runs API sent it; useful if `stopReason` is UNRECOGNIZED.',
        resolve: ({ value }) => value,
      }),
      count: t.field({ type: RunCountRef, description: COUNT, resolve: ({ count }) => count }),
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
    count: t.field({ type: RunCountRef, description: COUNT, resolve: ({ count }) => count }),
  }),
});
