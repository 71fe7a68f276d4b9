/** An operation that asks for far more than it is long. */
export interface HostileOperation {
  readonly name: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly headers?: Record<string, string>;
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
    name: 'the fields of one page 1500 times',
    query: `{ runs(first: 1000) { nodes { ${aliases(1500, 'metadata')} } } }`,
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
    query: `{ runs(first: 1000) { nodes { agent { runs(first: 1) { nodes { id } } } ${aliases(1500, 'status')} } } }`,
    codes: BOTH,
  },
  {
    name: 'the SDL ten thousand times',
    query: `{ ${aliases(30, '_service { ...S }')} } fragment S on _Service { ${aliases(330, 'sdl')} }`,
    codes: BOTH,
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
    query: `{ __schema { types { fields { ${aliases(1500, 'name')} } } } }`,
    codes: SIZE,
  },
  {
    name: 'empty lists of arguments of all fields, very often',
    query: `{ __schema { types { fields { ${range(830)
      .map((n) => `a${n}: args { defaultValue }`)
      .join(' ')} } } } }`,
    codes: SIZE,
  },
  {
    name: 'all types, very often',
    query: `{ __schema { ${range(450)
      .map((n) => `a${n}: types { ...F }`)
      .join(
        ' ',
      )} } } fragment F on __Type { name fields { name args { name type { kind } } type { kind } } }`,
    codes: [...SIZE, 'GRAPHQL_VALIDATION_FAILED'],
  },
  {
    name: 'names of a thousand agents, very often',
    query: `query ($i: [ID!]!) { nodes(ids: $i) { ... on Agent { ${aliases(1500, 'id')} } } }`,
    variables: { i: range(1000).map((n) => `agent-${n}`) },
    codes: SIZE,
  },
  {
    name: 'the messages of steps, very often',
    query: `{ runs(first: 1, statuses: [COMPLETED]) { nodes { steps { nodes { ${aliases(90, 'messages { id ...P }')} } } } } } fragment P on RunContentMessage { ${aliases(9, 'parts { __typename }')} }`,
    codes: [...BOTH, 'RESPONSE_TOO_LARGE'],
  },
  {
    name: 'the texts of the messages of a hundred runs, very often',
    query: `{ runs(first: 100) { nodes { messages { nodes { ... on RunContentMessage { ${aliases(15, 'text')} } } } } } }`,
    codes: [...BOTH, 'RESPONSE_TOO_LARGE'],
  },
  {
    name: 'every detail of four hundred runs',
    query:
      '{ runs(first: 400) { nodes { usage { totalTokens } metrics { durationNs } steps(first: 0) { pageInfo { hasNextPage } } messages(first: 1) { nodes { id } } } } }',
    codes: [],
  },
  {
    name: 'a very deep selection',
    query: `{ run(id: "run-00000000") ${'{ agent { runs(first: 1) { nodes '.repeat(250)}{ id }${' } } }'.repeat(250)} }`,
    codes: SIZE,
  },
  {
    name: 'a very deep selection through fragments',
    query: `{ run(id: "run-00000000") { agent { ...F0 } } } ${chain(150, 'Agent', (next) => `runs(first: 1) { nodes { agent { ${next} } } }`, 'id')}`,
    codes: SIZE,
  },
  {
    name: 'conditions of very many variables',
    query: `query (${range(20)
      .map((n) => `$v${n}: Boolean!`)
      .join(' ')}) { ${range(350)
      .map((n) => `a${n}: __typename @include(if: $v${n % 20})`)
      .join(' ')} }`,
    variables: Object.fromEntries(range(20).map((n) => [`v${n}`, n % 2 === 0])),
    codes: [],
  },
  {
    name: 'a long alias in very many places',
    query: `{ ${aliases(9, 'runs(first: 1) { ...C }')} } fragment C on RunConnection { ${aliases(300, 'nodes { ...F }')} } fragment F on Run { ${'L'.repeat(90_000)}: id }`,
    codes: SIZE,
  },
  {
    name: 'aliases of 128 characters in very many places',
    query: `{ ${aliases(9, 'runs(first: 1) { ...C }')} } fragment C on RunConnection { ${aliases(300, 'nodes { ...F }')} } fragment F on Run { ${'L'.repeat(128)}: id }`,
    codes: SIZE,
  },
  {
    name: 'long paths of very many fields, and their costs',
    query: `{ run(id: "run-00000000") { ${range(45)
      .map(
        (n) =>
          `${'L'.repeat(120)}${n}: agent { ${'M'.repeat(120)}: runs(first: 1) { ${'N'.repeat(120)}: nodes { `,
      )
      .join('')} agent { ${aliases(350, 'runs(first: 1) { __typename }')} } ${'} } } '.repeat(45)} } }`,
    headers: { 'graphql-cost-debug': '1' },
    codes: BOTH,
  },
  {
    name: 'errors with long paths',
    query: `query ($i: [ID!]!) { ${'L'.repeat(128)}: nodes(ids: $i) { ... on Agent { ${aliases(40, 'runs(first: -1) { __typename }')} } } }`,
    variables: { i: range(1000).map((n) => `agent-${n}`) },
    codes: [...COST, 'BAD_USER_INPUT', 'RESPONSE_TOO_LARGE'],
  },
  {
    name: 'a literal that is printed into very many errors',
    query: `query ($s: RunStatus = FAILED) { runs(first: 1000) { nodes { agent { runs(first: 1, statuses: [$s ${'FAILED '.repeat(4000)}]) { __typename } } } } }`,
    variables: { s: null },
    codes: BOTH,
  },
  {
    name: 'a list of a variable for every row',
    query:
      'query ($s: [RunStatus!]) { runs(first: 1000) { nodes { agent { runs(first: 1, statuses: $s) { __typename } } } } }',
    variables: { s: range(90_000).map(() => 'FAILED') },
    codes: BOTH,
  },
  {
    name: 'a list of a variable for very many pages',
    query: `query ($s: [ID!]) { ${aliases(300, 'runs(first: 1, agentIds: $s) { __typename }')} }`,
    variables: { s: range(60_000).map((n) => `agent-${n}`) },
    codes: BOTH,
  },
  {
    name: 'a long text of a variable for every row',
    query:
      'query ($s: String) { runs(first: 1000) { nodes { agent { runs(first: 1, after: $s) { __typename } } } } }',
    variables: { s: 'x'.repeat(900_000) },
    codes: ['INVALID_CURSOR'],
  },
  {
    name: 'very many lines before very many errors',
    query: `${'\n'.repeat(1900)}{ ${aliases(450, 'runs(first: -1) { __typename }')} }`,
    codes: ['BAD_USER_INPUT'],
  },
  {
    name: 'more lines than a document has',
    query: `${'\n'.repeat(490_000)}{ x }`,
    codes: ['GRAPHQL_PARSE_FAILED'],
  },
  {
    name: 'rows beside introspection, by very many fields',
    query: `{ __type(name: "X") { name } runs(first: 1000) { nodes { ${aliases(480, 'status')} } } }`,
    codes: SIZE,
  },
  {
    name: 'rows of an operation beside another one with conditions',
    query: `query Q { runs(first: 1000) { nodes { ${aliases(480, 'status')} } } } query O($x: Boolean!) { __typename @include(if: $x) }`,
    operationName: 'Q',
    codes: SIZE,
  },
  {
    name: 'edges of which a field is loaded, with very many cursors',
    query: `{ runs(first: 1000) { edges { ${aliases(480, 'cursor')} node { agent { runs(first: 1) { __typename } } } } } }`,
    codes: BOTH,
  },
  {
    name: 'agents of rows of which a field is loaded, with very many ids',
    query: `{ runs(first: 1000) { nodes { agent { runs(first: 1) { __typename } } z: agent { ${aliases(450, 'id')} } } } }`,
    codes: BOTH,
  },
  {
    name: 'very many names of enum values',
    query: `{ runs(first: 1000) { nodes { ${aliases(370, 'stopReason')} ${range(100)
      .map((n) => `b${n}: completedAt`)
      .join(' ')} } } }`,
    codes: SIZE,
  },
];
