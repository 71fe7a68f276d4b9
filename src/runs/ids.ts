/** The formats of ids in the runs API: a prefix and a UUID, or what older releases generated. */
export const IDS = {
  run: {
    /** Ids that can be looked up; anything else can't be the id of a run. */
    pattern: /^run-[0-9a-f]{8}[0-9a-f-]{0,28}$/,
    /** Ids that can occur in lists: older servers call runs jobs. */
    listedPattern: /^(?:run|job)-[0-9A-Za-z_-]{1,64}$/,
    example: 'run-123e4567-e89b-42d3-a456-426614174000',
  },
  step: {
    pattern: /^step-[0-9A-Za-z_-]{1,128}$/,
    listedPattern: /^step-[0-9A-Za-z_-]{1,128}$/,
    example: 'step-123e4567-e89b-42d3-a456-426614174000',
  },
  /** Ids of messages are the gateway's: a stored message's id and the number of its part. */
  message: {
    pattern: /^message-[0-9A-Za-z_-]{1,128}:\d{1,9}$/,
    listedPattern: /^message-[0-9A-Za-z_-]{1,128}:\d{1,9}$/,
    /** The ids of stored messages. */
    storedPattern: /^message-[0-9A-Za-z_-]{1,128}$/,
    example: 'message-123e4567-e89b-42d3-a456-426614174000:0',
  },
  agent: {
    pattern: /^agent-[0-9A-Za-z_-]{1,128}$/,
    example: 'agent-123e4567-e89b-42d3-a456-426614174000',
  },
  conversation: {
    pattern: /^[\x21-\x7e]{1,128}$/,
    example: 'conv-123e4567-e89b-42d3-a456-426614174000',
  },
} as const;
