/**
 * The enums of the runs API as Letta 0.16.7 knows them: each value as the wire writes it, and what
 * it means. Everything else follows from here: types, checks, the GraphQL enums and drift.
 */
export const RUN_ENUMS = {
  status: {
    created: 'Accepted and not finished. Runs in the foreground keep this status until they end.',
    running: 'At work in the background.',
    completed:
      'Ended without a failure. With the stop reason REQUIRES_APPROVAL it waits for a person and may go on.',
    failed: 'Ended by a failure; `stopReason` and `metadata` may say which.',
    cancelled: 'Stopped on request.',
  },
  stop_reason: {
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
  message_type: {
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
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

export type RunEnum = keyof typeof RUN_ENUMS;
export type RunEnumValue<Name extends RunEnum> = keyof (typeof RUN_ENUMS)[Name] & string;
export type RunStatus = RunEnumValue<'status'>;
export type StopReason = RunEnumValue<'stop_reason'>;

/** The statuses that the API's `active` filter stands for. */
export const ACTIVE_STATUSES: readonly RunStatus[] = ['created', 'running'];

const VALUES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(RUN_ENUMS).map(([name, values]) => [name, Object.keys(values)]),
);

/** The values of an enum, as written on the wire. */
export function enumValues<Name extends RunEnum>(name: Name): readonly RunEnumValue<Name>[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Those of this enum.
  return VALUES.get(name) as readonly RunEnumValue<Name>[];
}
