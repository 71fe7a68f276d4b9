import { type Agent, AgentRef } from './agent.ts';
import { builder } from './builder.ts';
import { ENUM_REFS, recognize } from './enums.ts';

/** A number of runs, and whether there may be more. */
export interface RunCount {
  readonly value: number;
  readonly isWhole: boolean;
}

const RunCountPrecisionEnum = builder.enumType('RunCountPrecision', {
  description: 'How exact a number of runs is.',
  values: {
    EXACT: { description: 'There are as many runs as this.' },
    AT_LEAST: {
      description:
        'There are as many runs as this, and there may be more: reading the list ended at `SCAN_BUDGET` rows.',
    },
  } as const,
});

export const RunCountRef = builder.objectRef<RunCount>('RunCount').implement({
  description: 'A number of runs.',
  fields: (t) => ({
    value: t.exposeInt('value', { description: 'How many runs there are, as far as they were read.' }),
    precision: t.field({
      type: RunCountPrecisionEnum,
      description: 'Whether these are all of them.',
      resolve: ({ isWhole }) => (isWhole ? 'EXACT' : 'AT_LEAST'),
    }),
  }),
});

/** Runs that have a value in common, and how many they are. */
export interface CountedGroup<Value> {
  readonly value: Value;
  readonly count: RunCount;
}

const COUNT = { type: RunCountRef, description: 'How many of the runs these are.' };

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
    count: t.expose('count', COUNT),
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
      count: t.expose('count', COUNT),
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
    count: t.expose('count', COUNT),
  }),
});
