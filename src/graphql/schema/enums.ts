import { MESSAGE_TYPES, RUN_STATUSES, STOP_REASONS } from '../../runs/run.ts';
import { builder } from './builder.ts';

/** Stands for every value newer than this gateway. */
export const UNRECOGNIZED = 'UNRECOGNIZED';

/** Enum values from their wire texts: `end_turn` is END_TURN outside and stays `end_turn` inside. */
function enumValues<Wire extends string>(
  known: readonly Wire[],
  descriptions: Readonly<Record<Wire, string>>,
  unrecognized: string,
): Record<string, { readonly value: Wire | typeof UNRECOGNIZED; readonly description: string }> {
  return {
    ...Object.fromEntries(
      known.map((wire) => [wire.toUpperCase(), { value: wire, description: descriptions[wire] }]),
    ),
    [UNRECOGNIZED]: { value: UNRECOGNIZED, description: unrecognized },
  };
}

/** A wire text as a value of its enum; null stays null. */
export function recognize<Wire extends string>(
  known: readonly Wire[],
  text: string,
): Wire | typeof UNRECOGNIZED {
  return known.find((value) => value === text) ?? UNRECOGNIZED;
}

export const RunStatusEnum = builder.enumType('RunStatus', {
  description: 'How far a run has come.',
  values: enumValues(
    RUN_STATUSES,
    {
      created: 'Accepted and not finished. Runs in the foreground keep this status until they end.',
      running: 'At work in the background.',
      completed:
        'Ended without a failure. With the stop reason REQUIRES_APPROVAL it waits for a person and may go on.',
      failed: 'Ended by a failure; `stopReason` and `metadata` may say which.',
      cancelled: 'Stopped on request.',
    },
    'A status that this gateway is too old to know; `rawStatus` has its text. Not allowed as a filter.',
  ),
});

export const StopReasonEnum = builder.enumType('StopReason', {
  description: 'Why a run ended.',
  values: enumValues(
    STOP_REASONS,
    {
      end_turn: 'The agent had said all it wanted to say.',
      error: 'Something failed that no other reason names.',
      llm_api_error: 'The language model could not be reached, or refused.',
      invalid_llm_response: 'The language model answered with something that could not be understood.',
      invalid_tool_call: 'The agent called a tool in a way that the tool does not allow.',
      max_steps: 'The run used up the steps it was given.',
      max_tokens_exceeded: 'The run used up the tokens it was given.',
      no_tool_call: 'The agent had to call a tool and did not.',
      tool_rule: 'A rule says that the run ends after the tool that was called.',
      cancelled: 'Somebody stopped the run.',
      insufficient_credits: 'The account had no credits left.',
      requires_approval: 'A tool call waits for a person to approve it.',
      context_window_overflow_in_system_prompt:
        "The system prompt alone does not fit the model's context window.",
    },
    'A reason that this gateway is too old to know; `rawStopReason` has its text. Not allowed as a filter.',
  ),
});

export const MessageTypeEnum = builder.enumType('MessageType', {
  description: 'The kind of a message that a run can return.',
  values: enumValues(
    MESSAGE_TYPES,
    {
      system_message: 'Instructions from the system.',
      user_message: 'What the user said.',
      assistant_message: 'What the agent said to the user.',
      reasoning_message: "The agent's reasoning in the open.",
      hidden_reasoning_message: "The agent's reasoning, kept hidden by the model's provider.",
      tool_call_message: 'A call of a tool.',
      tool_return_message: 'What a tool returned.',
      approval_request_message: 'A question whether a tool may be called.',
      approval_response_message: 'The answer to such a question.',
      summary_message: 'A summary that takes the place of older messages.',
      event_message: 'Something that happened to the conversation, such as its compaction.',
    },
    'A type that this gateway is too old to know.',
  ),
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
