/** Operations that the gateway serves, to start mutations from. `CURSOR` and `RUN` stand for real ones. */
export const CORPUS = [
  '{ __typename }',
  '{ runs(first: 2) { nodes { id status createdAt } } }',
  '{ runs(last: 2, before: "CURSOR") { edges { cursor node { id agent { id } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }',
  'query Page($first: Int = 2, $after: String) { runs(first: $first, after: $after) { nodes { id metadata } pageInfo { hasNextPage } } }',
  '{ runs(first: 1, statuses: [FAILED, RUNNING], order: ASC, background: true) { nodes { id requestConfig { includeReturnMessageTypes } } } }',
  '{ a: run(id: "RUN") { ...Row } b: run(id: "RUN") { id ...Row } } fragment Row on Run { id stopReason totalDurationNs agent { id runs(first: 1) { nodes { id } } } }',
  'query Named($id: ID!, $deep: Boolean = false) { run(id: $id) { id agent @include(if: $deep) { id } ... on Run @skip(if: $deep) { status } } }',
  '{ runs(first: 1, active: true, agentId: "agent-1", conversationId: "conv-1", stopReason: END_TURN, orderBy: CREATED_AT) { edges { node { ttftNs callbackUrl } } } }',
  '{ __schema { queryType { name fields(includeDeprecated: true) { name args { name type { kind } } } } } __type(name: "Run") { kind } }',
  'query A { __typename } query B { runs(first: 0) { pageInfo { hasNextPage } } }',
] as const;
