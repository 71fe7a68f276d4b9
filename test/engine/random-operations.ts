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
const weighted = (...texts: readonly (readonly [weight: number, Texts])[]): Texts =>
  fc.oneof(...texts.map(([weight, arbitrary]) => ({ weight, arbitrary })));
const rarely = (texts: Texts): fc.Arbitrary<string | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: texts });
/** A text around others. */
const around = (...parts: readonly (string | Texts)[]): Texts =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((all) => all.join(''));

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

const directive = weighted(
  [12, oneOf('')],
  [3, oneOf(' @include(if: $on)', ' @skip(if: $off)', ' @include(if: $off)', ' @skip(if: true)')],
  [1, oneOf(' @include(if: $maybe)', ' @include(if: true) @skip(if: true)')],
  [1, oneOf(' @skip(if: $on) @include(if: $off)', ' @include(if: true) @skip(if: $maybe)')],
);
const alias = oneOf('', '', '', '', 'a: ', '_b1: ', '__proto__: ', 'constructor: ');

/** Fields beside each other, of which none shares its key with another. */
const some = (fields: Texts): Texts =>
  fc.array(fc.tuple(alias, fields, directive), { minLength: 1, maxLength: 6 }).map((list) => {
    const byKey = new Map<string | undefined, string>();
    for (const [name, field, condition] of list) {
      const [, head = '', selection] = /^([^{]*?)( \{.*)?$/.exec(field) ?? [];
      byKey.set(name || head.split(/[:(]/)[0], `${name}${head}${condition}${selection ?? ''}`);
    }
    return [...byKey.values()].join(' ');
  });

const run = some(oneOf(...RUN_FIELDS));
const wrapped = weighted(
  [5, run],
  [1, around('... on Run', directive, ' { ', run, ' }')],
  [1, around('...', directive, ' { ', run, ' }')],
  [1, around('...{ ', run, ' } first: id ... on Run { last: id x: __typename } ...{ ', run, ' }')],
);
const nested = oneOf('first: 2', 'last: 1', 'first: $n', 'first: 1, statuses: [FAILED]', 'first: -1');
const nestedPage = around('agent { id runs(', nested, ') { nodes { ', run, ' } pageInfo { hasNextPage } } }');
const runOrMore = weighted(
  [4, wrapped],
  [1, around(run, ' ', nestedPage, oneOf('', ' z: status z2: createdAt'))],
  [1, run.map((text) => `...Fields ${text.includes('id') ? '' : text}`)],
  [1, around('... on Node { id } ', run)],
);
const info = some(oneOf('hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor', '__typename'));
const connection = fc
  .record(
    {
      edges: weighted(
        [1, around('edges { cursor node { ', runOrMore, ' } }')],
        [1, around('edges { __typename c: cursor node { n: id ... on Run { ', run, ' } } }')],
      ),
      nodes: around('nodes { ', runOrMore, ' }'),
      again: oneOf('nodes { again: id }', 'edges { node { again: id } }'),
      spread: fc.constant('...Part'),
      pageInfo: around('pageInfo { ', info, ' }'),
      name: fc.constant('kind: __typename'),
    },
    { requiredKeys: [] },
  )
  .map((parts) => Object.values(parts).join(' ') || '__typename');

const PAGE_ARGUMENTS = [
  ['first: 3', 'first: 0', 'last: 4', 'first: 1000', 'first: $n', 'last: $n', 'order: ASC'],
  ['statuses: [FAILED, COMPLETED, FAILED]', 'statuses: FAILED', 'statuses: $statuses', 'active: true'],
  ['background: true', 'background: null', 'background: $flag', `agentId: "${AGENT_IDS[0]}"`],
  ['after: $cursor', 'before: $cursor'],
].flat();
const WRONG_ARGUMENTS = [
  ['first: -1', 'last: 1001', 'first: "3"', 'statuses: []', 'statuses: [UNRECOGNIZED]', 'after: "rubbish"'],
  ['after: "run-00000000-0000-4000-8000-000000000000"', 'agentId: "日本"', 'agentId: 7', 'unknown: 1'],
].flat();
const pageArguments = fc
  .tuple(fc.subarray(PAGE_ARGUMENTS, { maxLength: 2 }), rarely(oneOf(...WRONG_ARGUMENTS)))
  .map(([args, wrong]) => [...args, ...(wrong === undefined ? [] : [wrong])])
  .map((args) => [...new Map(args.map((text) => [text.split(':')[0], text])).values()].join(', '))
  .map((text) => (text === '' ? '' : `(${text})`));

const root = weighted(
  [20, around('runs', pageArguments, directive, ' { ', connection, ' }')],
  [2, around('run(id: $run) { ', run, ' }')],
  [1, around('run(id: "run-00000000-0000-4000-8000-000000000000") { ', run, ' }')],
  [2, around('node(id: $run) { id ... on Run { ', run, ' } ... on Agent { agentId: id } }')],
  [1, fc.constant(`node(id: "${AGENT_IDS[1]}") { __typename id ...OfAgent }`)],
  [2, around('nodes(ids: $ids) { __typename ... on Run { ', run, ' } }')],
  [1, oneOf('__typename', '_service { __typename }')],
  [1, oneOf('__type(name: "Run") { fields { name type { name } } }')],
  [1, oneOf('nonsense', '}')],
);

const DECLARED = {
  $n: 'Int',
  $statuses: '[RunStatus!]',
  $cursor: 'String',
  $flag: 'Boolean',
  $run: 'ID!',
  $ids: '[ID!]!',
  $on: 'Boolean!',
  $off: 'Boolean! = false',
  $maybe: 'Boolean = true',
};
const FRAGMENTS = {
  '...OfAgent': fc.constant('fragment OfAgent on Agent { runs(first: 1) { nodes { id status } } }'),
  '...Part': around('fragment Part on RunConnection { p: nodes { ', run, ' } kind: __typename }'),
  '...Fields': around('fragment Fields on Run { ', run, ' id }'),
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
    maybe: fc.constantFrom(true, false, undefined),
    run: wrongly(id, 'run-1', 'x', '', null, 7),
    ids: wrongly(fc.array(fc.oneof(id, fc.constantFrom(...AGENT_IDS, 'x')), { maxLength: 4 }), 'x', [null]),
  });
  const parts = {
    fields: fc.array(root, { minLength: 1, maxLength: 3 }),
    fragments: fc.tuple(...Object.values(FRAGMENTS)),
    name: oneOf('', 'Listing', 'Listing'),
    asked: rarely(oneOf('Listing', 'Other', 'Nothing')),
    other: rarely(fc.constant('query Other { __typename }')),
    variables,
  };
  return fc.record(parts).map(({ fields, fragments, name, asked, other, variables: values }) => {
    // An operation without a name stands alone.
    const second = name === '' ? undefined : other;
    const operationName = asked ?? (second === undefined ? undefined : name);
    const text = fields.map((one, n) => (/^[a-z_]/.test(one) ? `f${n}: ${one}` : one)).join(' ');
    const spread = Object.keys(FRAGMENTS).flatMap((each, n) => (text.includes(each) ? [fragments[n]] : []));
    const whole = [text, ...spread].join(' ');
    const isUsed = (variable: string): boolean => new RegExp(`\\${variable}\\b`).test(whole);
    const declared = Object.entries(DECLARED).filter(([variable]) => isUsed(variable));
    const head = declared.map(([variable, type]) => `${variable}: ${type}`).join(', ');
    return {
      query: [`query ${name}${head && `(${head})`} { ${text} }`, ...spread, second ?? ''].join(' ').trim(),
      ...(operationName !== undefined && { operationName }),
      // As JSON has them: what is undefined isn't there.
      variables: JSON.parse(JSON.stringify(values)),
    };
  });
}
