import { beforeEach, describe, expect, it } from 'vitest';
import { byVersion } from '../../support/by-version.ts';
import { post } from '../../support/execute.ts';
import { forAll } from '../../support/for-all.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { OUTCOMES, RUN_STATUSES, STOP_REASONS } from '../../support/run-fields.ts';

const RUN = 'run-00000001-0000-4000-8000-000000000000';

const open = await forAll(
  openGateway({
    runs: [{ id: RUN, agent_id: 'agent-1', created_at: '2026-01-01T00:00:00Z' }],
    config: { maxCost: 1_000_000 },
  }),
);
beforeEach(() => {
  open.upstream.requests.length = 0;
});

/** Arguments, and the message, which begins with the name of the one that is named by the error. */
type Refused = readonly [args: string, message: string];
const argumentOf = (message: string): string =>
  message.startsWith('first and last') ? 'last' : (/^\w+/.exec(message)?.[0] ?? '');

/** Values of one argument that are refused by the same words, which end with the value. */
const each = (argument: string, expected: string, values: readonly string[]): readonly Refused[] =>
  values.map((value) => [`${argument}: ${value}`, `${argument}: ${expected}, but got ${value}`]);

const SIZE = 'expected a whole number from 0 to 1000';
const INSTANT =
  'expected a date and time with a zone, such as 2026-01-31T09:30:00Z, or a date, such as 2026-01-31';
const DURATION =
  'expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S"';
const AGENT = 'expected the id of an agent, such as agent-123e4567-e89b-42d3-a456-426614174000';
const PATH =
  'metadata.path: expected at most 200 characters, keys with dots between them, such as "customer" or "order.id" (\\. for a dot in a key, \\\\ for a backslash), but got';
const CONDITION = 'expected one of equals and exists';
const EMPTY = 'expected at least one value, but got an empty list; omit the argument for no filter';
const noCursor = (row: string): string =>
  `is not a cursor; expected a cursor of this connection (edges.cursor, pageInfo.startCursor or endCursor) or the id of ${row}`;
const inCapitals = (values: readonly string[]): string => values.join(', ').toUpperCase();
const cannotFilter = (argument: string, value: string, allowed: readonly string[]): Refused => [
  `${argument}: ${value}`,
  `${argument}: UNRECOGNIZED can't be used as a filter; expected one of ${inCapitals(allowed)}`,
];
const both = (args: string, names: string): Refused => [
  args,
  `${names}: expected at most one of the two, but got both`,
];
const many = (count: number, item: (index: number) => string): string =>
  `[${Array.from({ length: count }, (_, index) => item(index)).join()}]`;

const REFUSED: readonly Refused[] = [
  ...each('first', SIZE, ['-1', '1001']),
  ['first: 1, last: 1', 'first and last: expected one of the two, but got both (first: 1, last: 1)'],
  both('active: true, statuses: [CREATED]', 'active and statuses'),
  both('agentId: "agent-1", agentIds: ["agent-1"]', 'agentId and agentIds'),
  both('stopReason: ERROR, stopReasons: [ERROR]', 'stopReasons and stopReason'),
  [
    'ascending: true, order: DESC',
    'ascending and order: ascending: true contradicts order: DESC; omit ascending, which is deprecated',
  ],
  cannotFilter('statuses', '[FAILED, UNRECOGNIZED]', RUN_STATUSES),
  cannotFilter('outcomes', '[FAILED, UNRECOGNIZED]', OUTCOMES),
  cannotFilter('notStatuses', 'UNRECOGNIZED', RUN_STATUSES),
  cannotFilter('stopReason', 'UNRECOGNIZED', STOP_REASONS),
  cannotFilter('stopReasons', '[ERROR, UNRECOGNIZED]', STOP_REASONS),
  cannotFilter('notStopReasons', '[ERROR, UNRECOGNIZED]', STOP_REASONS),
  ...['statuses', 'agentIds', 'outcomes', 'notStatuses', 'stopReasons', 'notStopReasons', 'metadata'].map(
    (name): Refused => [`${name}: []`, `${name}: ${EMPTY}`],
  ),
  [
    `agentIds: ${many(131, (n) => `"agent-${n}"`)}`,
    'agentIds: expected at most 130 different values, but got 131',
  ],
  ...each('agentId', AGENT, ['""', '"agent-1&limit=3"']),
  ['agentIds: ["agent-1", "run-1"]', `agentIds: ${AGENT}, but got "run-1"`],
  ...each('conversationId', AGENT.replace('an agent', 'a conversation').replace('agent-', 'conv-'), ['""']),
  ...each('createdAfter', INSTANT, ['"2026-02-30"']),
  ...each('createdBefore', INSTANT, ['"2026-01-31T09:30:00"']),
  ...each('minDurationNs', DURATION, ['-1', '"1m"', '"P1000000D"']),
  ...each('maxDurationNs', DURATION, ['0.5']),
  ['maxDurationNs: 9007199254740993', `maxDurationNs: ${DURATION}, but got 9007199254740992`],
  ['metadata: { path: "a" }', `metadata: ${CONDITION}, but got neither (path: "a")`],
  ['metadata: { path: "a..b", exists: true }', `${PATH} "a..b"`],
  [
    `metadata: { path: "a", equals: "${'x'.repeat(999)}" }`,
    'metadata.equals: expected at most 1000 characters of JSON, but got 1001',
  ],
  [
    `metadata: ${many(11, (n) => `{ path: "a${n}", exists: true }`)}`,
    'metadata: expected at most 10 different values, but got 11',
  ],
  ...['""', '"run-1&before=run-2"'].flatMap((text): Refused[] => [
    [`after: ${text}`, `after: ${text} ${noCursor('a run')}`],
    [`before: ${text}`, `before: ${text} ${noCursor('a run')}`],
  ]),
];

describe('Query.runs', () => {
  it.each(REFUSED)('refuses (%s) without a request', async (args, message) => {
    const argument = argumentOf(message);
    const { data, errors } = await open.execute(`{ runs(${args}) { nodes { id } } }`);
    const code = ['after', 'before'].includes(argument) ? 'INVALID_CURSOR' : 'BAD_USER_INPUT';
    expect(errors).toEqual([
      {
        message,
        path: ['runs'],
        locations: expect.anything(),
        extensions: { code, argument, retryable: false, requestId: expect.any(String) },
      },
    ]);
    expect(data).toEqual({ runs: null });
    expect(open.upstream.urls).toEqual([]);
  });

  it.each([
    'first: null, last: null, after: null, before: null, agentId: null, statuses: null, stopReason: null',
    'active: false, statuses: [CREATED]',
    'last: 1000, orderBy: CREATED_AT, ascending: true, order: ASC',
    'createdAfter: "2026-02-28", createdBefore: "2026-03-01T00:00:00+01:00"',
    'minDurationNs: "PT0.000000001S", maxDurationNs: "P1DT2H3M4.5S"',
    'notStatuses: COMPLETED, notStopReasons: [ERROR, ERROR], stopReasons: ERROR',
    'metadata: null, notStatuses: null, stopReasons: null, notStopReasons: null',
  ])('accepts (%s)', async (args) => {
    const answer = await open.execute(`{ runs(${args}) { nodes { id } } }`);
    expect(answer).toEqual({ data: { runs: { nodes: expect.any(Array) } } });
  });
});

const run = (field: string): string => `{ run(id: "${RUN}") { id ${field} } }`;
const statistics = (field: string): string => `{ runStats { ${field} } }`;

it.each([
  [
    '{ runs(after: "run-00000009-0000-4000-8000-000000000000") { nodes { id } } }',
    'after: "run-00000009-0000-4000-8000-000000000000" is not the id of a run that you can see',
  ],
  [
    '{ agents(search: "\\u0000") { nodes { id } } }',
    'search: expected a text of 1 to 200 characters without NUL, but got "\\u0000"',
  ],
  ['{ agents(after: "x") { nodes { id } } }', `after: "x" ${noCursor('an agent')}`],
  [
    '{ agents(after: "agent-9") { nodes { id } } }',
    'after: "agent-9" is not the id of an agent that you can see',
  ],
  [run('messages(types: []) { nodes { id } }'), `types: ${EMPTY}`],
  [run('messages(after: "message-1") { nodes { id } }'), `after: "message-1" ${noCursor('a message')}`],
  [
    run('messages(before: "message-1:0") { nodes { id } }'),
    'before: "message-1:0" is not a message of this list',
  ],
  [run('steps(after: "step-2") { nodes { id } }'), 'after: "step-2" is not a step of this list'],
  [statistics('byAgent(first: -1) { failed }'), `first: ${SIZE}, but got -1`],
  [statistics('byFailure(first: 101) { code }'), 'first: expected a whole number from 0 to 100, but got 101'],
  [statistics('byFailure(runs: 501) { code }'), 'runs: expected a whole number from 0 to 500, but got 501'],
  [
    statistics('byFailureRunCount(runs: -1) { value }'),
    'runs: expected a whole number from 0 to 500, but got -1',
  ],
  [
    statistics('overTime(by: DAY, timezone: "Mars/Base") { from }'),
    'timezone: expected a name of the IANA time zone database, such as Europe/Berlin, or an offset, such as +05:30, but got "Mars/Base"',
  ],
])('Other fields refuse wrong arguments, too: %s', async (query, message) => {
  const argument = argumentOf(message);
  const { errors } = await open.execute(query);
  const code = ['after', 'before'].includes(argument) ? 'INVALID_CURSOR' : 'BAD_USER_INPUT';
  expect(errors).toMatchObject([{ message, extensions: { code, argument } }]);
});

const page = (args: string): string => `runs(${args}) { nodes { id } }`;

/** An operation whose argument has a value of a wrong type, its variables, and the message. */
const OF_WRONG_TYPES: readonly (readonly [text: string, variables: object, message: string])[] = [
  [
    `{ ${page('minDurationNs: true')} }`,
    {},
    byVersion(
      'Expected value of type "Nanoseconds", found true; expected a whole number, or an ISO 8601 duration such as "PT1M"',
      'Expected value of type "Nanoseconds", but encountered error "expected a whole number, or an ISO 8601 duration such as "PT1M""; found: true.',
    ),
  ],
  [
    `{ ${page('metadata: [{ path: "a", equals: 9007199254740993 }]')} }`,
    {},
    'metadata.equals: expected numbers up to 2^53-1, since greater ones lose digits, but got 9007199254740992',
  ],
  [
    `query ($n: Int) { ${page('first: $n')} }`,
    { n: 'a' },
    byVersion(
      'Variable "$n" got invalid value "a"; Int cannot represent non-integer value: "a"',
      'Variable "$n" has invalid value: Int cannot represent non-integer value: "a"',
    ),
  ],
  [
    `query ($all: [MetadataFilter!]) { ${page('metadata: $all')} }`,
    { all: [{ path: 'a', equals: { b: [2 ** 53] } }] },
    'metadata.equals: expected numbers up to 2^53-1, since greater ones lose digits, but got 9007199254740992',
  ],
];

describe('Any field', () => {
  it.each(OF_WRONG_TYPES)('refuses a value of another type: %s %j', async (text, variables, message) => {
    const { errors } = await open.execute(text, variables);
    expect(errors?.map((error) => error.message)).toEqual([message]);
    expect(errors?.[0]?.extensions?.['code']).toMatch(/^(?:BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/);
  });

  it.each([
    [
      'subscription ($s: [RunStatus!]) { runEvents(notStatuses: $s) { runId } }',
      byVersion(
        'Variable "$s" got invalid value "NO" at "s[0]"; Value "NO" does not exist in "RunStatus" enum.',
        'Variable "$s" has invalid value at [0]: Value "NO" does not exist in "RunStatus" enum.',
      ),
    ],
    ['subscription ($s: JSON) { runEvents(metadata: { path: ".", equals: $s }) { runId } }', `${PATH} "."`],
    [
      'subscription { runUpdates(id: "one") { id } }',
      'id: expected the id of a run, such as run-123e4567-e89b-42d3-a456-426614174000, but got "one"',
    ],
  ])('refuses it in a subscription, too: %s', async (query, message) => {
    const body = JSON.stringify({ query, variables: { s: ['NO'] } });
    const text = await post(open.gateway, body, { accept: 'text/event-stream' });
    expect(JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text)).toMatchObject({ errors: [{ message }] });
  });
});
