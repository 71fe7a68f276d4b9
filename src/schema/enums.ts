import type { EnumRef } from '@pothos/core';
import { enumValues, RUN_ENUMS, type RunEnum, type Recognized, UNRECOGNIZED } from '../runs/run-enums.ts';
import { builder } from './builder.ts';

interface EnumText {
  readonly type: string;
  readonly description: string;
  /** What UNRECOGNIZED stands for. */
  readonly unrecognized: string;
}

/** What the schema says about the enums of the runs API, besides their values. */
const ENUM_TEXTS: Readonly<Record<RunEnum, EnumText>> = {
  status: {
    type: 'RunStatus',
    description: 'The status of a run.',
    unrecognized: 'A status that is newer than this gateway; see `rawStatus`. Not allowed as a filter.',
  },
  stop_reason: {
    type: 'StopReason',
    description: 'Why a run, or a step of one, ended.',
    unrecognized:
      'A stop reason that is newer than this gateway; see `rawStopReason`. Not allowed as a filter.',
  },
  step_status: {
    type: 'RunStepStatus',
    description: 'The status of a step.',
    unrecognized: 'A status that is newer than this gateway; see `rawStatus`.',
  },
  feedback: {
    type: 'RunStepFeedback',
    description: 'The feedback that a step was given.',
    unrecognized: 'Feedback of a kind that is newer than this gateway.',
  },
  tool_return_status: {
    type: 'RunToolReturnStatus',
    description: 'Whether a tool succeeded.',
    unrecognized: 'A status that is newer than this gateway.',
  },
  reasoning_source: {
    type: 'RunReasoningSource',
    description: 'The kind of model that reasoning came from.',
    unrecognized: 'A source that is newer than this gateway.',
  },
  hidden_reasoning_state: {
    type: 'RunHiddenReasoningState',
    description: 'How reasoning is hidden.',
    unrecognized: 'A state that is newer than this gateway.',
  },
  message_type: {
    type: 'MessageType',
    description: 'The type of a message that a run can return.',
    unrecognized: 'A message type that is newer than this gateway.',
  },
};

type EnumRefs = {
  readonly [Name in RunEnum]: EnumRef<typeof builder.$inferSchemaTypes, Recognized<Name>>;
};

/** The types of the enums of the runs API: `end_turn` is named END_TURN, and its internal value stays `end_turn`. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- There is one type for each enum.
export const ENUM_REFS = Object.fromEntries(
  Object.entries(ENUM_TEXTS).map(([name, { type, description, unrecognized }]) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of the table.
    const values = Object.entries<string>(RUN_ENUMS[name as RunEnum]);
    const shown = values.map(([value, text]) => [value.toUpperCase(), { value, description: text }] as const);
    const others = { value: UNRECOGNIZED, description: unrecognized };
    const all = { ...Object.fromEntries(shown), [UNRECOGNIZED]: others };
    return [name, builder.enumType(type, { description, values: all })] as const;
  }),
) as unknown as EnumRefs;

/** Returns a value of the wire if its enum has it, else UNRECOGNIZED. */
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
