/**
 * The ids of the runs API, by what they are of: their prefixes, the pattern of those that can be looked up, the pattern of
 * those that can occur in lists, and an example. Each is a prefix and a UUID, or what older releases generated.
 */
export const IDS = {
  run: {
    prefixes: ['run-'],
    pattern: /^run-[0-9a-f]{8}[0-9a-f-]{0,28}$/,
    listedPattern: /^run-[0-9A-Za-z_-]{1,64}$/,
    example: 'run-123e4567-e89b-42d3-a456-426614174000',
  },
  step: {
    prefixes: ['step-'],
    pattern: /^step-[0-9A-Za-z_-]{1,128}$/,
    listedPattern: /^step-[0-9A-Za-z_-]{1,128}$/,
    example: 'step-123e4567-e89b-42d3-a456-426614174000',
  },
  /** Ids of messages are the gateway's: a stored message's id and the number of its part. */
  message: {
    prefixes: ['message-'],
    pattern: /^message-[0-9A-Za-z_-]{1,128}:\d{1,9}$/,
    listedPattern: /^message-[0-9A-Za-z_-]{1,128}:\d{1,9}$/,
    /** The ids of stored messages. */
    storedPattern: /^message-[0-9A-Za-z_-]{1,128}$/,
    example: 'message-123e4567-e89b-42d3-a456-426614174000:0',
  },
  agent: {
    prefixes: ['agent-'],
    pattern: /^agent-[0-9A-Za-z_-]{1,128}$/,
    listedPattern: /^agent-[0-9A-Za-z_-]{1,128}$/,
    example: 'agent-123e4567-e89b-42d3-a456-426614174000',
  },
  /** The default conversation of an agent has an id of the gateway's: `default-` and the agent's. It is in no list. */
  conversation: {
    prefixes: ['conv-', 'default-'],
    pattern: /^(?:conv|default-agent)-[0-9A-Za-z_-]{1,128}$/,
    listedPattern: /^conv-[0-9A-Za-z_-]{1,128}$/,
    /** What the runs API stores as the conversation of a run, and compares as a text. */
    filterPattern: /^[\x21-\x7e]{1,128}$/,
    example: 'conv-123e4567-e89b-42d3-a456-426614174000',
  },
} as const satisfies Readonly<Record<string, IdFormat>>;

interface IdFormat {
  readonly prefixes: readonly string[];
  readonly pattern: RegExp;
  readonly listedPattern: RegExp;
  readonly storedPattern?: RegExp;
  readonly filterPattern?: RegExp;
  readonly example: string;
}

/** Returns the pattern of the ids that a filter takes, and an example. */
export function filterIds(kind: keyof typeof IDS) {
  const { pattern, filterPattern = pattern, example }: IdFormat = IDS[kind];
  return { pattern: filterPattern, example };
}
