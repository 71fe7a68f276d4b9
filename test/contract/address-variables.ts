/** How the address of a server gets to the tests that want it, by flag. */
export const ADDRESS_VARIABLES = {
  upstream: 'CONTRACT_UPSTREAM',
  profile: 'CONTRACT_PROFILE',
  'api-key': 'CONTRACT_API_KEY',
  'user-id': 'CONTRACT_USER_ID',
  'approvals-llm': 'CONTRACT_APPROVALS_LLM',
} as const;
