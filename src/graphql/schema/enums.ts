import { enumValues, RUN_ENUMS, type RunEnum, type RunEnumValue } from '../../runs/run-enums.ts';
import { builder } from './builder.ts';

/** Stands for every value newer than this gateway. */
export const UNRECOGNIZED = 'UNRECOGNIZED';

type EnumOutput<Name extends RunEnum> = RunEnumValue<Name> | typeof UNRECOGNIZED;
type EnumValues<Name extends RunEnum> = Record<
  string,
  { readonly value: EnumOutput<Name>; readonly description: string }
>;

/** Values of GraphQL from those of the wire: `end_turn` is END_TURN outside and stays `end_turn` inside. */
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

/** A text of the wire as a value of its enum. */
export function recognize<Name extends RunEnum>(name: Name, text: string): EnumOutput<Name> {
  return enumValues(name).find((value) => value === text) ?? UNRECOGNIZED;
}

export const RunStatusEnum = builder.enumType('RunStatus', {
  description: 'How far a run has come.',
  values: valuesOf(
    'status',
    'A status that this gateway is too old to know; `rawStatus` has its text. Not allowed as a filter.',
  ),
});

export const StopReasonEnum = builder.enumType('StopReason', {
  description: 'Why a run ended.',
  values: valuesOf(
    'stop_reason',
    'A reason that this gateway is too old to know; `rawStopReason` has its text. Not allowed as a filter.',
  ),
});

export const MessageTypeEnum = builder.enumType('MessageType', {
  description: 'The kind of a message that a run can return.',
  values: valuesOf('message_type', 'A type that this gateway is too old to know.'),
});

export const SortOrderEnum = builder.enumType('SortOrder', {
  description: 'The direction of a sorted list.',
  values: {
    ASC: { value: 'asc', description: 'Oldest first.' },
    DESC: { value: 'desc', description: 'Newest first.' },
  } as const,
});

export const RunOrderFieldEnum = builder.enumType('RunOrderField', {
  description: 'What a list of runs can be sorted by.',
  values: {
    CREATED_AT: {
      value: 'created_at',
      description: 'The time of creation, to the microsecond; runs of the same microsecond by id.',
    },
  } as const,
});
