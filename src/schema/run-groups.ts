import type { CountedRuns } from '../loaders/run-lists.ts';
import { dateTimeOf } from '../runs/instants.ts';
import { memoize } from '../runs/memoize.ts';
import { OUTCOME_FIELD } from '../runs/outcomes.ts';
import { RUN_FIELDS } from '../runs/run-fields.ts';
import type { RunsOfPeriod } from '../runs/run-periods.ts';
import { type CountedRun, groupRuns } from '../runs/run-stats.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';
import { AgentRef } from './node.ts';
import { countFields } from './run-counts.ts';
import { fieldsOf } from './table-fields.ts';

/** The runs that have the same value of a field. */
interface Group<Value> extends CountedRuns {
  readonly value: Value;
}

/** Groups runs by a field, the largest group first. */
const groupedBy = <Key extends 'outcome' | 'status' | 'stopReason' | 'agentId'>(key: Key) =>
  memoize((counted: CountedRuns): readonly Group<CountedRun[Key]>[] =>
    groupRuns(counted.rows, (run) => run[key]).map((group) => ({ ...counted, ...group })),
  );

const ENUM_FIELDS = { ...OUTCOME_FIELD, status: RUN_FIELDS.status, stopReason: RUN_FIELDS.stopReason };

/** Defines the type of groups by a field that is an enum. */
const groupsBy = (key: keyof typeof ENUM_FIELDS, type: string, description: string) => ({
  field: ENUM_FIELDS[key],
  of: groupedBy(key),
  ref: builder.objectRef<Group<string | null>>(type).implement({
    description,
    fields: (t) => ({
      ...fieldsOf(t, { [key]: ENUM_FIELDS[key] }, { read: ({ value }) => value }),
      count: countFields(t).count,
    }),
  }),
});

const RunAgentCountRef = builder.objectRef<Group<string>>('RunAgentCount').implement({
  description: 'The runs of one agent.',
  fields: (t) => ({
    agent: t.field({
      type: AgentRef,
      description: 'The agent; its other fields take a look-up for each agent.',
      resolve: ({ value }) => ({ id: value }),
    }),
    ...countFields(t),
  }),
});

/** The types of groups, and how runs are grouped. */
export const GROUPS = {
  outcome: groupsBy('outcome', 'RunOutcomeCount', 'The runs that have the same outcome.'),
  status: groupsBy('status', 'RunStatusCount', 'The runs that have the same status.'),
  stopReason: groupsBy(
    'stopReason',
    'RunStopReasonCount',
    'The runs that ended for the same reason, or those that have none.',
  ),
  agent: { ref: RunAgentCountRef, of: groupedBy('agentId') },
};

export const TimeUnitEnum = enumOf('TimeUnit', 'A unit of time by which runs are counted.', {
  MINUTE: 'From one full minute to the next.',
  HOUR: 'From one full hour to the next, by the clocks of the time zone; where these are changed by half an hour, one period is longer.',
  DAY: 'A day of the time zone. It has 23 or 25 hours where clocks are changed by an hour; a day that the zone skips is left out.',
  WEEK: 'Seven days that begin with a Monday.',
});

type RunPeriod = CountedRuns & RunsOfPeriod;

export const RunPeriodRef = builder.objectRef<RunPeriod>('RunPeriod').implement({
  description: 'The runs that were created in a period of time.',
  fields: (t) => ({
    from: t.field({
      type: 'DateTime',
      description: 'The beginning of the period, in UTC.',
      resolve: ({ from }) => dateTimeOf(new Date(from).toISOString()),
    }),
    to: t.field({
      type: 'DateTime',
      description: 'The end of the period, in UTC, which is not included; the next one begins there.',
      resolve: ({ to }) => dateTimeOf(new Date(to).toISOString()),
    }),
    ...countFields(
      t,
      'How many runs these are. If not all were read, the period in which reading ended has AT_LEAST.',
    ),
  }),
});
