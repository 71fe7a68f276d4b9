import type { EnumRef } from '@pothos/core';
import { enumValues, RUN_ENUMS, type RunEnum, type Recognized, UNRECOGNIZED } from '../runs/run-enums.ts';
import { builder, type Types } from './builder.ts';

/** The types of the enums of the runs API, and what the schema says about them besides their values. */
const ENUM_TEXTS: Readonly<Record<RunEnum, readonly [type: string, description: string]>> = {
  status: ['RunStatus', 'The status of a run.'],
  stop_reason: ['StopReason', 'Why a run, or a step of one, ended.'],
  outcome: ['RunOutcome', 'What has become of a run, by its status or, if COMPLETED, its stop reason.'],
  step_status: ['RunStepStatus', 'The status of a step.'],
  feedback: ['RunStepFeedback', 'The feedback that a step was given.'],
  tool_return_status: ['RunToolReturnStatus', 'Whether a tool succeeded.'],
  reasoning_source: ['RunReasoningSource', 'The kind of model that reasoning came from.'],
  hidden_reasoning_state: ['RunHiddenReasoningState', 'How reasoning is hidden.'],
  message_type: ['MessageType', 'The type of a message that a run can return.'],
};

const OTHERS =
  'A value that is newer than this gateway. Its text is in the field with `raw` before its name, if there is one. Not allowed as a filter of runs.';

type EnumRefs = { readonly [Name in RunEnum]: EnumRef<Types, Recognized<Name>> };

/** The enum types, by their names in `RUN_ENUMS`. The value `end_turn` is named END_TURN, and stays `end_turn` for resolvers. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- There is one type for each enum.
export const ENUM_REFS = Object.fromEntries(
  Object.entries(ENUM_TEXTS).map(([name, [type, description]]) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of the table.
    const values = Object.entries<string>(RUN_ENUMS[name as RunEnum]);
    const shown = values.map(([value, text]) => [value.toUpperCase(), { value, description: text }] as const);
    const all = { ...Object.fromEntries(shown), [UNRECOGNIZED]: { description: OTHERS } };
    return [name, builder.enumType(type, { description, values: all })] as const;
  }),
) as unknown as EnumRefs;

/** Returns a value as the runs API sent it if its enum has the value, else UNRECOGNIZED. */
export function recognize<Name extends RunEnum>(name: Name, text: string): Recognized<Name> {
  return enumValues(name).find((value) => value === text) ?? UNRECOGNIZED;
}

export const SortOrderEnum = builder.enumType('SortOrder', {
  description: 'The sort order of a list.',
  values: {
    ASC: { value: 'asc', description: 'Oldest first.' },
    DESC: { value: 'desc', description: 'Newest first.' },
  } as const,
});

export const RunOrderFieldEnum = builder.enumType('RunOrderField', {
  description: 'The fields by which a list of runs can be sorted.',
  values: {
    CREATED_AT: {
      value: 'created_at',
      description:
        'The time of creation, to the microsecond; runs created in the same microsecond are sorted by id.',
    },
  } as const,
});
