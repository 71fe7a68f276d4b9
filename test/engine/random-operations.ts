import * as fc from 'fast-check';
import { RUN_SELECTIONS } from '../support/expected-run.ts';
import { AGENT_IDS } from '../support/random-runs.ts';

/** An operation and its variables, right or wrong, as a client might send it. */
export interface RandomOperation {
  readonly query: string;
  readonly operationName?: string;
  readonly variables: Record<string, unknown>;
}

type Texts = fc.Arbitrary<string>;
const oneOf = (...texts: readonly string[]): Texts => fc.constantFrom(...texts);
const often = (weight: number, arbitrary: Texts): fc.WeightedArbitrary<string> => ({ weight, arbitrary });

/** Fields of a run, each with the selection that it needs. */
const RUN_FIELDS = [
  ...RUN_SELECTIONS,
  '__typename',
  'agent { id __typename }',
  'agent { id @skip(if: $off) name: id }',
  'agent { id called: name tags __typename }',
  'agent { lastStopReason }',
  'requestConfig { useAssistantMessage names: assistantMessageToolName includeReturnMessageTypes }',
];

/** One time in fourteen. */
const rarely = (texts: Texts): fc.Arbitrary<string | undefined> =>
  fc.oneof({ weight: 13, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: texts });

const directive = fc.oneof(
  often(12, fc.constant('')),
  often(
    3,
    oneOf(
      ' @include(if: $on)',
      ' @skip(if: $off)',
      ' @include(if: $off)',
      ' @skip(if: true)',
      ' @include(if: $maybe)',
    ),
  ),
  often(1, oneOf(' @skip(if: $on) @include(if: $off)', ' @include(if: true) @skip(if: $maybe)')),
);
const alias = oneOf('', '', '', '', 'a: ', '_b1: ', '__proto__: ', 'constructor: ');

/** Fields beside each other, of which none shares its key with another. */
const some = (fields: Texts): Texts =>
  fc.array(fc.tuple(alias, fields, directive), { minLength: 1, maxLength: 6 }).map((list) =>
    [
      ...new Map(
        list.map(([name, field, condition]) => {
          const [head = '', ...rest] = field.split(' {');
          const text = `${name}${head}${condition}${rest.map((part) => ` {${part}`).join('')}`;
          return [name || head.split(':')[0]?.split('(')[0], text];
        }),
      ).values(),
    ].join(' '),
  );

const wrapped = (inner: Texts, type: string): Texts =>
  fc.oneof(
    often(5, inner),
    often(
      1,
      fc.tuple(inner, directive).map(([text, when]) => `... on ${type}${when} { ${text} }`),
    ),
    often(
      1,
      fc.tuple(inner, directive).map(([text, when]) => `...${when} { ${text} }`),
    ),
    often(
      1,
      fc
        .tuple(inner, inner)
        .map(
          ([one, other]) =>
            `...{ ${one} } first: id ... on ${type} { last: id x: __typename } ...{ ${other} }`,
        ),
    ),
  );

const run = some(oneOf(...RUN_FIELDS));
const info = some(oneOf('hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor', '__typename'));
const nestedPage = fc
  .tuple(oneOf('first: 2', 'last: 1', 'first: $n', 'first: 1, statuses: [FAILED]', 'first: -1'), run)
  .map(([args, fields]) => `agent { id runs(${args}) { nodes { ${fields} } pageInfo { hasNextPage } } }`);
const runOrMore = fc.oneof(
  often(4, wrapped(run, 'Run')),
  often(
    1,
    fc.tuple(run, nestedPage, oneOf('', 'z: status z2: createdAt')).map((parts) => parts.join(' ')),
  ),
  often(
    1,
    run.map((text) => `...Fields ${text.includes('id') ? '' : text}`),
  ),
  often(
    1,
    run.map((text) => `... on Node { id } ${text}`),
  ),
);
const connection = fc
  .record(
    {
      edges: fc.oneof(
        runOrMore.map((text) => `edges { cursor node { ${text} } }`),
        run.map((text) => `edges { __typename c: cursor node { n: id ... on Run { ${text} } } }`),
      ),
      nodes: runOrMore.map((text) => `nodes { ${text} }`),
      again: fc.constantFrom('nodes { again: id }', 'edges { node { again: id } }'),
      spread: fc.constant('...Part'),
      pageInfo: info.map((text) => `pageInfo { ${text} }`),
      name: fc.constant('kind: __typename'),
    },
    { requiredKeys: [] },
  )
  .map((parts) => Object.values(parts).join(' ') || '__typename');

const PAGE_ARGUMENTS = [
  'first: 3',
  'first: 0',
  'last: 4',
  'first: 1000',
  'order: ASC',
  'statuses: [FAILED, COMPLETED, FAILED]',
  'statuses: FAILED',
  'background: true',
  'background: null',
  'active: true',
  `agentId: "${AGENT_IDS[0]}"`,
  'first: $n',
  'last: $n',
  'statuses: $statuses',
  'after: $cursor',
  'before: $cursor',
  'background: $flag',
];
const WRONG_ARGUMENTS = [
  'first: -1',
  'last: 1001',
  'statuses: []',
  'statuses: [UNRECOGNIZED]',
  'after: "rubbish"',
  'after: "run-00000000-0000-4000-8000-000000000000"',
  'agentId: "日本"',
  'agentId: 7',
  'first: "3"',
  'unknown: 1',
];

const page = fc
  .tuple(
    fc.subarray(PAGE_ARGUMENTS, { maxLength: 2 }),
    rarely(oneOf(...WRONG_ARGUMENTS)),
    connection,
    directive,
  )
  .map(([args, wrong, selection, when]) => {
    const given = [...args, ...(wrong === undefined ? [] : [wrong])];
    const all = [...new Map(given.map((text) => [text.split(':')[0], text])).values()];
    return `runs${all.length > 0 ? `(${all.join(', ')})` : ''}${when} { ${selection} }`;
  });

const lookUp = fc.oneof(
  often(
    2,
    run.map((fields) => `run(id: $run) { ${fields} }`),
  ),
  often(
    1,
    run.map((fields) => `run(id: "run-00000000-0000-4000-8000-000000000000") { ${fields} }`),
  ),
  often(
    2,
    run.map((fields) => `node(id: $run) { id ... on Run { ${fields} } ... on Agent { agentId: id } }`),
  ),
  often(1, fc.constant(`node(id: "${AGENT_IDS[1]}") { __typename id ...OfAgent }`)),
  often(
    2,
    run.map((fields) => `nodes(ids: $ids) { __typename ... on Run { ${fields} } }`),
  ),
  often(
    2,
    run.map(
      (fields) =>
        `_entities(representations: $things) { ... on Run { ${fields} } ... on Agent { agent: id runs(first: 1) { nodes { ${fields} } } } }`,
    ),
  ),
);

const HARMLESS = ['__typename', '_service { __typename }', '__type(name: "Run") { name }'];
const root = fc.oneof(
  often(40, page),
  often(20, lookUp),
  often(5, oneOf(...HARMLESS)),
  often(1, oneOf('nonsense', '}')),
);

const DECLARED = {
  $n: 'Int',
  $statuses: '[RunStatus!]',
  $cursor: 'String',
  $flag: 'Boolean',
  $on: 'Boolean!',
  $off: 'Boolean! = false',
  $maybe: 'Boolean = true',
  $run: 'ID!',
  $ids: '[ID!]!',
  $things: '[_Any!]!',
};

const wrongly = <T>(right: fc.Arbitrary<T>, ...wrong: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 60, arbitrary: right }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });

/** @param runIds runs that there are */
export function randomOperation(runIds: readonly string[]): fc.Arbitrary<RandomOperation> {
  const id = fc.constantFrom(...runIds);
  const variables = fc.record({
    n: wrongly(fc.constantFrom(2, 0, 7, null, undefined), -1, 1.5, '3', true, [], {}, 2 ** 40),
    statuses: wrongly(fc.constantFrom(null, undefined, ['FAILED'], 'FAILED'), ['NOPE'], [null], []),
    cursor: wrongly(fc.oneof(fc.constantFrom(null, undefined), id), 'rubbish', '', 7, 'é'),
    flag: wrongly(fc.constantFrom(true, false, null, undefined), 'yes'),
    on: wrongly(fc.boolean(), null, undefined, 'true'),
    off: wrongly(fc.constantFrom(true, false, undefined), null, 1),
    maybe: wrongly(fc.constantFrom(true, false, undefined), null),
    run: wrongly(id, 'run-1', 'x', '', null, 7),
    ids: wrongly(fc.array(fc.oneof(id, fc.constantFrom(...AGENT_IDS, 'x')), { maxLength: 4 }), 'x', [null]),
    things: wrongly(
      fc.array(
        fc.oneof(
          id.map((runId) => ({ __typename: 'Run', id: runId })),
          fc.constantFrom(...AGENT_IDS).map((agentId) => ({ __typename: 'Agent', id: agentId })),
        ),
        { maxLength: 3 },
      ),
      [{ __typename: 'Ticket', id: '1' }],
      [7],
      'x',
    ),
  });
  return fc
    .record({
      fields: fc.array(root, { minLength: 1, maxLength: 3 }),
      part: run,
      fields2: run,
      name: oneOf('', 'Listing', 'Listing'),
      asked: rarely(oneOf('Listing', 'Listing', 'Other', 'Nothing')),
      other: rarely(fc.constant('query Other { __typename }')),
      variables,
    })
    .map(({ fields, part, fields2, name, asked, other, variables: values }) => {
      // An operation without a name stands alone.
      const second = name === '' ? undefined : other;
      const operationName = asked ?? (second === undefined ? undefined : name);
      const text = fields
        .map((one, index) => (/^[a-z_]/.test(one) && one !== 'nonsense' ? `f${index}: ${one}` : one))
        .join(' ');
      const fragments = [
        ['...Part', `fragment Part on RunConnection { p: nodes { ${part} } kind: __typename }`],
        ['...Fields', `fragment Fields on Run { ${fields2} id }`],
        ['...OfAgent', 'fragment OfAgent on Agent { runs(first: 1) { nodes { id status } } }'],
      ].flatMap(([spread = '', fragment = '']) => (text.includes(spread) ? [fragment] : []));
      const whole = [text, ...fragments].join(' ');
      const declared = Object.entries(DECLARED).filter(([variable]) =>
        new RegExp(`\\${variable}\\b`).test(whole),
      );
      const head =
        declared.length > 0
          ? `(${declared.map(([variable, type]) => `${variable}: ${type}`).join(', ')})`
          : '';
      return {
        query: [
          `query ${name}${head} { ${text} }`,
          ...fragments,
          ...(second === undefined ? [] : [second]),
        ].join(' '),
        ...(operationName !== undefined && { operationName }),
        // As JSON has them: what is undefined isn't there.
        variables: JSON.parse(JSON.stringify(values)),
      };
    });
}
