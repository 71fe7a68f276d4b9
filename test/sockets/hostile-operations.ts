/** An operation that asks for far more than it is long, and the codes that it may be refused with. */
type HostileOperation = readonly [
  name: string,
  codes: readonly string[],
  query: string,
  more?: {
    readonly variables?: Readonly<Record<string, unknown>>;
    readonly operationName?: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
];

const COST = ['COST_LIMIT_EXCEEDED'];
const SIZE = ['OPERATION_TOO_LARGE'];
const BOTH = [...COST, ...SIZE];
const BAD = ['BAD_USER_INPUT'];
const BYTES = ['RESPONSE_TOO_LARGE'];
const INVALID = ['GRAPHQL_VALIDATION_FAILED'];

const range = <Item>(count: number, item: (n: number) => Item): Item[] =>
  Array.from({ length: count }, (_, n) => item(n));
/** A field by so many aliases. */
const aliases = (count: number, field: string): string => range(count, (n) => `a${n}: ${field}`).join(' ');
/** Each fragment selects the next one by so many aliases. */
const chain = (levels: number, level: (next: string) => string): string =>
  range(levels, (n) => `fragment F${n} on Agent { ${n + 1 === levels ? 'id' : level(`...F${n + 1}`)} }`).join(
    ' ',
  );
const nested = (first: number): string =>
  `{ runs(first: ${first}) { nodes { agent { runs(first: ${first}) { nodes { agent { runs(first: ${first}) { nodes { id } } } } } } } } }`;

const RUN = 'run(id: "run-00000000")';
const FAILED = (count: number) => range(count, () => 'FAILED');
const AGENTS = (count: number) => range(count, (n) => `agent-${n}`);
const ENTITIES = range(1000, (n) => ({ __typename: 'Agent', id: `agent-${n}` }));
const REFERENCES = 'query ($r: [_Any!]!)';
const ONE_PAGE = 'runs(first: 1) { __typename }';
const LONG = 'L'.repeat(120);

export const HOSTILE_OPERATIONS: readonly HostileOperation[] = [
  [
    'aliases multiplied through fragments, 16 to the fifth',
    BOTH,
    `{ runs(first: 1) { nodes { agent { ...F0 } } } } ${chain(5, (next) => aliases(16, `runs(first: 0) { nodes { agent { ${next} } } }`))}`,
  ],
  [
    'aliases multiplied through inline fragments of entities',
    BOTH,
    `${REFERENCES} { ${aliases(20, '_entities(representations: $r) { ...F0 }')} } ${chain(3, (next) => aliases(20, `runs(first: 20) { nodes { agent { ${next} } } }`))}`,
    { variables: { r: ENTITIES } },
  ],
  [
    'agents times statuses',
    BAD,
    'query ($a: [ID!], $s: [RunStatus!]) { runs(agentIds: $a, statuses: $s) { nodes { id } } }',
    { variables: { a: AGENTS(8_000), s: FAILED(8_000) } },
  ],
  ['pages of pages of pages of a thousand', COST, nested(1000)],
  [
    'one page 20 times 20 times',
    BOTH,
    `{ ${aliases(20, 'runs(first: 1000) { ...P }')} } fragment P on RunConnection { ${aliases(20, 'nodes { id metadata requestConfig { useAssistantMessage } }')} }`,
  ],
  [
    'the metadata of nine pages, fifty times each row',
    [...SIZE, ...BYTES],
    `{ ${aliases(9, 'runs(first: 1000) { nodes { ...F } }')} } fragment F on Run { ${aliases(50, 'metadata')} }`,
  ],
  [
    'the SDL ten thousand times',
    BOTH,
    `{ ${aliases(30, '_service { ...S }')} } fragment S on _Service { ${aliases(330, 'sdl')} }`,
  ],
  [
    'all types, very often',
    [...SIZE, ...INVALID],
    `{ __schema { ${aliases(450, 'types { ...F }')} } } fragment F on __Type { name fields { name args { name type { kind } } type { kind } } }`,
  ],
  [
    'the texts of the messages of a hundred runs, very often',
    [...BOTH, ...BYTES],
    `{ runs(first: 100) { nodes { messages { nodes { ... on RunContentMessage { ${aliases(15, 'text')} } } } } } }`,
  ],
  [
    'every detail of four hundred runs',
    [],
    '{ runs(first: 400) { nodes { usage { totalTokens } metrics { durationNs } steps(first: 0) { pageInfo { hasNextPage } } messages(first: 1) { nodes { id } } } } }',
  ],
  ...[90_000, 128].map((length): HostileOperation => [
    `an alias of ${length} characters in very many places`,
    SIZE,
    `{ ${aliases(9, 'runs(first: 1) { ...C }')} } fragment C on RunConnection { ${aliases(300, 'nodes { ...F }')} } fragment F on Run { ${'L'.repeat(length)}: id }`,
  ]),
  [
    'long paths of very many fields, and their costs',
    BOTH,
    `{ ${RUN} { ${range(45, (n) => `${LONG}${n}: agent { ${LONG}: runs(first: 1) { ${LONG}: nodes { `).join('')} agent { ${aliases(350, ONE_PAGE)} } ${'} } } '.repeat(45)} } }`,
    { headers: { 'graphql-cost-debug': '1' } },
  ],
  [
    'errors with long paths',
    [...COST, ...BAD, ...BYTES],
    `query ($i: [ID!]!) { ${'L'.repeat(128)}: nodes(ids: $i) { ... on Agent { ${aliases(40, 'runs(first: -1) { __typename }')} } } }`,
    { variables: { i: AGENTS(1000) } },
  ],
  [
    'a long text of a variable for every row',
    ['INVALID_CURSOR'],
    'query ($s: String) { runs(first: 1000) { nodes { agent { runs(first: 1, after: $s) { __typename } } } } }',
    { variables: { s: 'x'.repeat(200_000) } },
  ],
  [
    'very many lines before very many errors',
    BAD,
    `${'\n'.repeat(1900)}{ ${aliases(450, 'runs(first: -1) { __typename }')} }`,
  ],
];
