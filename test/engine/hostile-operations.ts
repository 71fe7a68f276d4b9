/** An operation that asks for far more than it is long. */
export interface HostileOperation {
  readonly name: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  /** The codes that it may be refused with; it may always be answered. */
  readonly codes: readonly string[];
}

const COST = ['COST_LIMIT_EXCEEDED'];
const SIZE = ['OPERATION_TOO_LARGE'];
const BOTH = [...COST, ...SIZE];
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

/** Each fragment selects the next one by so many aliases. */
function chain(levels: number, type: string, level: (next: string) => string, last: string): string {
  return range(levels)
    .map((n) => `fragment F${n} on ${type} { ${n + 1 === levels ? last : level(`...F${n + 1}`)} }`)
    .join(' ');
}

const aliases = (count: number, field: string): string =>
  range(count)
    .map((n) => `a${n}: ${field}`)
    .join(' ');
const NESTED = (first: number): string =>
  `{ runs(first: ${first}) { nodes { agent { runs(first: ${first}) { nodes { agent { runs(first: ${first}) { nodes { id } } } } } } } } }`;
const AGENT = 'agent-b0c6a069-4d63-4ccd-8eb9-efc7351beafb';

export const HOSTILE_OPERATIONS: readonly HostileOperation[] = [
  {
    name: 'fragments that double, of pages without rows',
    query: `{ run(id: "run-00000000") { agent { ...F0 } } } ${chain(18, 'Agent', (next) => `a: runs(first: 0) { nodes { agent { ${next} } } } b: runs(first: 0) { nodes { agent { ${next} } } }`, 'id')}`,
    codes: BOTH,
  },
  {
    name: 'fragments that double below a node',
    query: `{ node(id: "${AGENT}") { ...F0 } } ${chain(100, 'Agent', (next) => `a: runs(first: 1) { nodes { agent { ${next} } } } b: runs(last: 1) { nodes { agent { ${next} } } }`, 'id')}`,
    codes: BOTH,
  },
  {
    name: 'aliases multiplied through fragments, 16 to the fifth',
    query: `{ runs(first: 1) { nodes { agent { ...F0 } } } } ${chain(5, 'Agent', (next) => aliases(16, `runs(first: 0) { nodes { agent { ${next} } } }`), 'id')}`,
    codes: BOTH,
  },
  {
    name: 'aliases multiplied through inline fragments of entities',
    query: `query ($r: [_Any!]!) { ${aliases(20, '_entities(representations: $r) { ...F0 }')} } ${chain(3, 'Agent', (next) => aliases(20, `runs(first: 20) { nodes { agent { ${next} } } }`), 'id')}`,
    variables: { r: range(1000).map((n) => ({ __typename: 'Agent', id: `agent-${n}` })) },
    codes: BOTH,
  },
  {
    name: 'agents times statuses',
    query: 'query ($a: [ID!], $s: [RunStatus!]) { runs(agentIds: $a, statuses: $s) { nodes { id } } }',
    variables: { a: range(20_000).map((n) => `agent-${n}`), s: range(20_000).map(() => 'FAILED') },
    codes: ['BAD_USER_INPUT'],
  },
  {
    name: 'enum values that are none',
    query: 'query ($s: [RunStatus!]) { runs(statuses: $s) { nodes { id } } }',
    variables: { s: range(250_000).map(() => 'x') },
    codes: ['BAD_USER_INPUT'],
  },
  {
    name: 'ids that are none',
    query: 'query ($s: [ID!]!) { nodes(ids: $s) { id } }',
    variables: { s: range(250_000).map(() => [1]) },
    codes: ['BAD_USER_INPUT', ...COST],
  },
  { name: 'pages of pages of pages of a thousand', query: NESTED(1000), codes: COST },
  { name: 'pages of pages of pages of a hundred', query: NESTED(100), codes: COST },
  {
    name: 'pages of pages through nodes',
    query: `query ($i: [ID!]!) { nodes(ids: $i) { ... on Agent { runs(first: 1000) { nodes { id } } } } }`,
    variables: { i: range(1000).map((n) => `agent-${n}`) },
    codes: COST,
  },
  {
    name: 'pages of entities',
    query:
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Agent { runs(first: 1000) { edges { cursor node { metadata } } } } } }',
    variables: { r: range(1000).map((n) => ({ __typename: 'Agent', id: `agent-${n}` })) },
    codes: COST,
  },
  {
    name: 'one page 20 times 20 times',
    query: `{ ${aliases(20, 'runs(first: 1000) { ...P }')} } fragment P on RunConnection { ${aliases(20, 'nodes { id metadata requestConfig { useAssistantMessage } }')} }`,
    codes: BOTH,
  },
  {
    name: 'the fields of one page 3000 times',
    query: `{ runs(first: 1000) { nodes { ${aliases(3000, 'metadata')} } } }`,
    codes: [...SIZE, 'RESPONSE_TOO_LARGE'],
  },
  {
    name: 'the metadata of nine pages, a hundred times each row',
    query: `{ ${range(9)
      .map((n) => `p${n}: runs(first: 1000) { nodes { ...F } }`)
      .join(' ')} } fragment F on Run { ${aliases(50, 'metadata')} }`,
    codes: [...SIZE, 'RESPONSE_TOO_LARGE'],
  },
  {
    name: 'rows of which a field is loaded, with very many fields',
    query: `{ runs(first: 1000) { nodes { agent { runs(first: 1) { nodes { id } } } ${aliases(2000, 'status')} } } }`,
    codes: BOTH,
  },
  {
    name: 'the SDL ten thousand times',
    query: `{ ${aliases(30, '_service { ...S }')} } fragment S on _Service { ${aliases(330, 'sdl')} }`,
    codes: COST,
  },
  {
    name: 'types of types of types',
    query: `{ ${aliases(100, '__schema { types { fields { type { fields { name type { name } } } } } }')} }`,
    codes: [...SIZE, 'GRAPHQL_VALIDATION_FAILED'],
  },
  {
    name: 'deep introspection',
    query: `{ __schema { types ${'{ fields { type '.repeat(40)}{ name }${'} }'.repeat(40)} } }`,
    codes: [...SIZE, 'GRAPHQL_VALIDATION_FAILED'],
  },
  {
    name: 'names of fields of all types, very often',
    query: `{ __schema { types { fields { ${aliases(3000, 'name')} } } } }`,
    codes: SIZE,
  },
  {
    name: 'names of a thousand agents, very often',
    query: `query ($i: [ID!]!) { nodes(ids: $i) { ... on Agent { ${aliases(2000, 'id')} } } }`,
    variables: { i: range(1000).map((n) => `agent-${n}`) },
    codes: SIZE,
  },
  {
    name: 'a very deep selection',
    query: `{ run(id: "run-00000000") ${'{ agent { runs(first: 1) { nodes '.repeat(400)}{ id }${' } } }'.repeat(400)} }`,
    codes: SIZE,
  },
  {
    name: 'a very deep selection through fragments',
    query: `{ run(id: "run-00000000") { agent { ...F0 } } } ${chain(200, 'Agent', (next) => `runs(first: 1) { nodes { agent { ${next} } } }`, 'id')}`,
    codes: SIZE,
  },
  {
    name: 'conditions of very many variables',
    query: `query (${range(20)
      .map((n) => `$v${n}: Boolean!`)
      .join(' ')}) { ${range(700)
      .map((n) => `a${n}: __typename @include(if: $v${n % 20})`)
      .join(' ')} }`,
    variables: Object.fromEntries(range(20).map((n) => [`v${n}`, n % 2 === 0])),
    codes: [],
  },
];
