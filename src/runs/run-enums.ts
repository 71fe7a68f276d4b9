import { MESSAGE_KINDS, type MessageKind } from './message-kinds.ts';

/**
 * The enums of the runs API in Letta 0.16.7: each value as on the wire, with its description. Types,
 * checks, the GraphQL enums and drift detection are derived from this table. `outcome` isn't on the wire: see `outcomes.ts`.
 */
export const RUN_ENUMS = {
  status: {
    created: 'Accepted and not finished. Runs in the foreground keep this status until they end.',
    running: 'Running in the background.',
    completed:
      'Ended. `outcome` says whether it succeeded: some failures are stored as completed. With the stop reason REQUIRES_APPROVAL it paused; see `approval`.',
    failed: 'Failed; `failure` says why.',
    cancelled: 'Cancelled on request.',
  },
  stop_reason: {
    end_turn: 'The agent finished its turn.',
    error: 'An error that no other stop reason covers.',
    llm_api_error: 'The API of the language model was unreachable or returned an error.',
    invalid_llm_response: 'The language model returned a response that could not be parsed.',
    invalid_tool_call: 'The agent made an invalid tool call.',
    max_steps: 'The run reached its maximum number of steps.',
    max_tokens_exceeded: 'The run exceeded its maximum number of tokens.',
    no_tool_call: 'The agent was required to call a tool but did not.',
    tool_rule: 'A tool rule ended the run after a tool call.',
    cancelled: 'The run was cancelled.',
    insufficient_credits: 'The account had insufficient credits.',
    requires_approval: 'The run paused for an approval of a tool call, or for its client to run a tool.',
    context_window_overflow_in_system_prompt: "The system prompt alone exceeds the model's context window.",
  },
  outcome: {
    succeeded: 'Ended as it should: COMPLETED with END_TURN, TOOL_RULE or no stop reason.',
    failed: 'FAILED, or COMPLETED with a stop reason that names an error, such as LLM_API_ERROR.',
    cut_short: 'Ended at its maximum number of steps: COMPLETED with MAX_STEPS.',
    cancelled: 'Cancelled on request.',
    paused: 'Ended with a request for approval: COMPLETED with REQUIRES_APPROVAL, for good.',
    unfinished: 'CREATED or RUNNING.',
  },
  step_status: {
    pending: 'In progress.',
    success: 'Ended without an error.',
    failed: 'Failed; see `errorType` and `errorData` for the cause.',
    cancelled: 'Cancelled on request.',
  },
  feedback: {
    positive: 'The step did well.',
    negative: 'The step did badly.',
  },
  tool_return_status: {
    success: 'The tool returned a result.',
    error: 'The tool failed, or was not run.',
  },
  reasoning_source: {
    reasoner_model: 'A model that reasons by itself, apart from what it writes.',
    non_reasoner_model: 'A model that was asked to write its reasoning.',
  },
  hidden_reasoning_state: {
    redacted: 'The model provider encrypted it.',
    omitted: 'The model provider left it out.',
  },
  message_type: describedKinds(),
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The types of messages that the API returns. */
function describedKinds() {
  const kinds = Object.entries(MESSAGE_KINDS).map(([name, { description }]) => [name, description]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of a constant.
  return Object.fromEntries(kinds) as Readonly<Record<MessageKind, string>>;
}

export type RunEnum = keyof typeof RUN_ENUMS;
export type RunEnumValue<Name extends RunEnum> = keyof (typeof RUN_ENUMS)[Name] & string;
export function isRunEnum(name: string): name is RunEnum {
  return name in RUN_ENUMS;
}

/** Stands for every value that this version does not know. */
export const UNRECOGNIZED = 'UNRECOGNIZED';
/** A value of an enum as shown. */
export type Recognized<Name extends RunEnum> = RunEnumValue<Name> | typeof UNRECOGNIZED;

/** Returns the values of an enum as on the wire. */
export function enumValues<Name extends RunEnum>(name: Name): readonly RunEnumValue<Name>[] {
  const values: readonly string[] = Object.keys(RUN_ENUMS[name]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of a constant.
  return values as readonly RunEnumValue<Name>[];
}
