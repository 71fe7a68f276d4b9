import type { EnumRef } from '@pothos/core';
import { RUN_ENUMS, type RunEnum, type Recognized, UNRECOGNIZED } from '../runs/run-enums.ts';
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

/** Defines an enum. Its values are named in upper case: `end_turn` is END_TURN, and stays `end_turn` for resolvers. */
export function enumOf<Value extends string>(
  type: string,
  description: string,
  texts: Readonly<Record<Value, string>>,
): EnumRef<Types, Value> {
  const values = Object.entries<string>(texts).map(
    ([value, text]) => [value.toUpperCase(), { value, description: text }] as const,
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of the table.
  return builder.enumType(type, { description, values: Object.fromEntries(values) }) as EnumRef<Types, Value>;
}

/** The enum types, by their names in `RUN_ENUMS`. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- There is one type for each enum.
export const ENUM_REFS = Object.fromEntries(
  Object.entries(RUN_ENUMS).map(([name, texts]) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of the table.
    const [type, description] = ENUM_TEXTS[name as RunEnum];
    return [name, enumOf<string>(type, description, { ...texts, [UNRECOGNIZED]: OTHERS })] as const;
  }),
) as unknown as { readonly [Name in RunEnum]: EnumRef<Types, Recognized<Name>> };

/** Returns a value as the runs API sent it if its enum has the value, else UNRECOGNIZED. */
export function recognize<Name extends RunEnum>(name: Name, text: string): Recognized<Name> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- It is a value of this enum.
  return (Object.hasOwn(RUN_ENUMS[name], text) ? text : UNRECOGNIZED) as Recognized<Name>;
}

export const SortOrderEnum = enumOf('SortOrder', 'The sort order of a list.', {
  asc: 'Oldest first.',
  desc: 'Newest first.',
});

export const RunOrderFieldEnum = enumOf(
  'RunOrderField',
  'The fields by which a list of runs can be sorted.',
  {
    created_at:
      'The time of creation, to the microsecond; runs created in the same microsecond are sorted by id.',
  },
);
