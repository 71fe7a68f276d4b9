import * as fc from 'fast-check';

/** A query and its variables, right or wrong, as a client might send it. */
export interface RandomOperation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

const SCALARS = [
  'id',
  'agentId',
  'status',
  'rawStatus',
  'stopReason',
  'rawStopReason',
  'createdAt',
  'completedAt',
  'totalDurationNs',
  'ttftNs',
  'background',
  'conversationId',
  'baseTemplateId',
  'metadata',
  'callbackUrl',
  'callbackSentAt',
  'callbackStatusCode',
  'callbackError',
  '__typename',
  'agent { id __typename }',
  'requestConfig { useAssistantMessage names: assistantMessageToolName includeReturnMessageTypes }',
];

const alias = fc.constantFrom('', '', '', 'a: ', '_b1: ', '__proto__: ', 'constructor: ');
const some = (fields: readonly string[]): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(alias, fc.constantFrom(...fields)), { minLength: 1, maxLength: 6 })
    // Two fields of one alias would have to be equal: GraphQL refuses them otherwise.
    .map((list) =>
      [...new Map(list.map(([name, field]) => [name || field, name + field])).values()].join(' '),
    );

const run = some(SCALARS);
const wrapped = (inner: fc.Arbitrary<string>, type: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: inner },
    { weight: 1, arbitrary: inner.map((text) => `... on ${type} { ${text} }`) },
    {
      weight: 1,
      arbitrary: inner.map((text) => `... { ${text} }`),
    },
  );
const info = some(['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor', '__typename']);
const connection = fc
  .record(
    {
      edges: fc.oneof(
        wrapped(run, 'Run').map((text) => `edges { cursor node { ${text} } }`),
        run.map((text) => `edges { __typename c: cursor node { n: id ... on Run { ${text} } } }`),
      ),
      nodes: wrapped(run, 'Run').map((text) => `nodes { ${text} }`),
      spread: fc.constant('...Part'),
      pageInfo: wrapped(info, 'PageInfo').map((text) => `pageInfo { ${text} }`),
      name: fc.constant('kind: __typename'),
    },
    { requiredKeys: [] },
  )
  .map((parts) => Object.values(parts).join(' ') || '__typename');

const PLAIN_ARGUMENTS = [
  'first: 3',
  'first: 0',
  'last: 4',
  'first: 1000',
  'first: -1',
  'last: 1001',
  'order: ASC',
  'statuses: [FAILED, COMPLETED]',
  'statuses: FAILED',
  'statuses: []',
  'statuses: [UNRECOGNIZED]',
  'background: true',
  'background: null',
  'active: true',
  'after: "rubbish"',
  'after: "run-00000000-0000-4000-8000-000000000000"',
  'agentId: "日本"',
  'agentId: 7',
  'first: "3"',
  'unknown: 1',
];
const VARIABLE_ARGUMENTS = [
  'first: $n',
  'last: $n',
  'statuses: $statuses',
  'after: $cursor',
  'before: $cursor',
  'background: $flag',
];

const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(2, 0, null, undefined) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(-1, 1.5, '3', true, [], {}, 2 ** 40) },
);
const variables = fc.record({
  n: value,
  statuses: fc.constantFrom<unknown>(null, undefined, ['FAILED'], 'FAILED', ['NOPE'], [null], []),
  cursor: fc.constantFrom<unknown>(null, undefined, 'rubbish', '', 7, 'é'),
  flag: fc.constantFrom<unknown>(true, false, null, undefined, 'yes'),
});

const field = fc
  .tuple(fc.subarray([...PLAIN_ARGUMENTS, ...VARIABLE_ARGUMENTS], { maxLength: 2 }), connection)
  .map(([args, selection]) => `runs${args.length > 0 ? `(${args.join(', ')})` : ''} { ${selection} }`);

const OTHER = [
  '__typename',
  'run(id: "run-00000000-0000-4000-8000-000000000000") { id }',
  'runs(first: 1) @include(if: true) { nodes { id } }',
  'nonsense',
  '}',
];

export const randomOperation: fc.Arbitrary<RandomOperation> = fc
  .record({
    fields: fc.array(
      fc.oneof({ weight: 8, arbitrary: field }, { weight: 1, arbitrary: fc.constantFrom(...OTHER) }),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    part: run,
    name: fc.constantFrom('', 'Listing'),
    variables,
  })
  .map(({ fields, part, name, variables: values }) => {
    const text = fields.map((one, index) => (one.startsWith('runs') ? `f${index}: ${one}` : one)).join(' ');
    const declared = ['$n: Int', '$statuses: [RunStatus!]', '$cursor: String', '$flag: Boolean'].filter(
      (one) => text.includes(one.split(':')[0] ?? ''),
    );
    const head = declared.length > 0 ? `(${declared.join(', ')})` : '';
    const fragment = text.includes('...Part')
      ? `fragment Part on RunConnection { p: nodes { ${part} } kind: __typename }`
      : '';
    return { query: `query ${name}${head} { ${text} } ${fragment}`, variables: values };
  });
