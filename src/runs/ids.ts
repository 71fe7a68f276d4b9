/** What ids look like, as the runs API writes them: a prefix and a UUID, or what older releases made. */
export const IDS = {
  run: {
    /** Nothing else is looked up: it can't be the id of a run. */
    pattern: /^run-[0-9a-f]{8}[0-9a-f-]{0,28}$/,
    /** In lists of older servers runs are jobs. */
    listedPattern: /^(?:run|job)-[0-9A-Za-z_-]{1,64}$/,
    example: 'run-123e4567-e89b-42d3-a456-426614174000',
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
