import { enumValues, RUN_ENUMS, type RunEnum, type RunEnumValue } from '../runs/run-enums.ts';
import { builder } from './builder.ts';

/** Stands for every value that this version does not know. */
export const UNRECOGNIZED = 'UNRECOGNIZED';

type EnumOutput<Name extends RunEnum> = RunEnumValue<Name> | typeof UNRECOGNIZED;
type EnumValues<Name extends RunEnum> = Record<
  string,
  { readonly value: EnumOutput<Name>; readonly description: string }
>;

/** Derives the GraphQL enum values: `end_turn` is named END_TURN, and its internal value stays `end_turn`. */
function valuesOf<Name extends RunEnum>(name: Name, unrecognized: string): EnumValues<Name> {
  const descriptions: Readonly<Record<string, string>> = RUN_ENUMS[name];
  return {
    ...Object.fromEntries(
      enumValues(name).map((value) => [
        value.toUpperCase(),
        { value, description: descriptions[value] ?? '' },
      ]),
    ),
    [UNRECOGNIZED]: { value: UNRECOGNIZED, description: unrecognized },
  };
}

/** Returns a value of the wire if its enum has it, else UNRECOGNIZED. */
export function recognize<Name extends RunEnum>(name: Name, text: string): EnumOutput<Name> {
  return enumValues(name).find((value) => value === text) ?? UNRECOGNIZED;
}

export const RunStatusEnum = builder.enumType('RunStatus', {
  description: 'The status of a run.',
  values: valuesOf(
    'status',
    'A status that is newer than this gateway; see `rawStatus`. Not allowed as a filter.',
  ),
});

export const StopReasonEnum = builder.enumType('StopReason', {
  description: 'Why a run, or a step of one, ended.',
  values: valuesOf(
    'stop_reason',
    'A stop reason that is newer than this gateway; see `rawStopReason`. Not allowed as a filter.',
  ),
});

export const StepStatusEnum = builder.enumType('RunStepStatus', {
  description: 'The status of a step.',
  values: valuesOf('step_status', 'A status that is newer than this gateway; see `rawStatus`.'),
});

export const StepFeedbackEnum = builder.enumType('RunStepFeedback', {
  description: 'The feedback that a step was given.',
  values: valuesOf('feedback', 'Feedback of a kind that is newer than this gateway.'),
});

export const ToolReturnStatusEnum = builder.enumType('RunToolReturnStatus', {
  description: 'Whether a tool succeeded.',
  values: valuesOf('tool_return_status', 'A status that is newer than this gateway.'),
});

export const ReasoningSourceEnum = builder.enumType('RunReasoningSource', {
  description: 'The kind of model that reasoning came from.',
  values: valuesOf('reasoning_source', 'A source that is newer than this gateway.'),
});

export const HiddenReasoningStateEnum = builder.enumType('RunHiddenReasoningState', {
  description: 'How reasoning is hidden.',
  values: valuesOf('hidden_reasoning_state', 'A state that is newer than this gateway.'),
});

export const MessageTypeEnum = builder.enumType('MessageType', {
  description: 'The type of a message that a run can return.',
  values: valuesOf('message_type', 'A message type that is newer than this gateway.'),
});

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
