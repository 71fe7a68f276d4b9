import { beforeAll, describe, expect, it } from 'vitest';
import { execute, post } from '../support/execute.ts';
import { RUN_STATUSES, STOP_REASONS } from '../support/run-fields.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let test: TestGateway;

beforeAll(async () => {
  test = await startTestGateway({ config: { maxCost: 1_000_000 } });
  return () => test[Symbol.asyncDispose]();
});

const inCapitals = (values: readonly string[]): string => values.join(', ').toUpperCase();
const NO_CURSOR =
  'is not a cursor; expected a cursor of this connection (edges.cursor, pageInfo.startCursor or endCursor) or the id of a run';

/** Arguments, the code and argument of the error, and its whole text. */
const REFUSED: [string, string, string, string][] = [
  ['first: -1', 'BAD_USER_INPUT', 'first', 'first: expected a whole number from 0 to 1000, but got -1'],
  ['first: 1001', 'BAD_USER_INPUT', 'first', 'first: expected a whole number from 0 to 1000, but got 1001'],
  ['last: -1', 'BAD_USER_INPUT', 'last', 'last: expected a whole number from 0 to 1000, but got -1'],
  ['last: 1001', 'BAD_USER_INPUT', 'last', 'last: expected a whole number from 0 to 1000, but got 1001'],
  [
    'first: 1, last: 1',
    'BAD_USER_INPUT',
    'last',
    'first and last: expected one of the two, but got both (first: 1, last: 1)',
  ],
  [
    'active: true, statuses: [CREATED]',
    'BAD_USER_INPUT',
    'active',
    'active and statuses: expected at most one of the two, but got both',
  ],
  [
    'agentId: "agent-1", agentIds: ["agent-1"]',
    'BAD_USER_INPUT',
    'agentId',
    'agentId and agentIds: expected at most one of the two, but got both',
  ],
  [
    'ascending: true, order: DESC',
    'BAD_USER_INPUT',
    'ascending',
    'ascending and order: ascending: true contradicts order: DESC; omit ascending, which is deprecated',
  ],
  [
    'statuses: [FAILED, UNRECOGNIZED]',
    'BAD_USER_INPUT',
    'statuses',
    `statuses: UNRECOGNIZED can't be used as a filter; expected one of ${inCapitals(RUN_STATUSES)}`,
  ],
  [
    'stopReason: UNRECOGNIZED',
    'BAD_USER_INPUT',
    'stopReason',
    `stopReason: UNRECOGNIZED can't be used as a filter; expected one of ${inCapitals(STOP_REASONS)}`,
  ],
  [
    'createdAfter: "2026-02-30T00:00:00Z"',
    'BAD_USER_INPUT',
    'createdAfter',
    'createdAfter: expected a date and time with a zone, such as 2026-01-31T09:30:00Z, or a date, such as 2026-01-31, but got "2026-02-30T00:00:00Z"',
  ],
  [
    'createdBefore: "2026-01-31T09:30:00"',
    'BAD_USER_INPUT',
    'createdBefore',
    'createdBefore: expected a date and time with a zone, such as 2026-01-31T09:30:00Z, or a date, such as 2026-01-31, but got "2026-01-31T09:30:00"',
  ],
  [
    'minDurationNs: -1',
    'BAD_USER_INPUT',
    'minDurationNs',
    'minDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got -1',
  ],
  [
    'maxDurationNs: 9007199254740993',
    'BAD_USER_INPUT',
    'maxDurationNs',
    'maxDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got 9007199254740992',
  ],
  [
    'maxDurationNs: 0.5',
    'BAD_USER_INPUT',
    'maxDurationNs',
    'maxDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got 0.5',
  ],
  [
    'statuses: []',
    'BAD_USER_INPUT',
    'statuses',
    'statuses: expected at least one value, but got an empty list; omit the argument for no filter',
  ],
  [
    'agentIds: []',
    'BAD_USER_INPUT',
    'agentIds',
    'agentIds: expected at least one value, but got an empty list; omit the argument for no filter',
  ],
  [
    `agentIds: [${Array.from({ length: 501 }, (_, n) => `"agent-${n}"`).join()}]`,
    'BAD_USER_INPUT',
    'agentIds',
    'agentIds: expected at most 500 different values, but got 501',
  ],
  [
    'agentId: ""',
    'BAD_USER_INPUT',
    'agentId',
    'agentId: expected the id of an agent, such as agent-123e4567-e89b-42d3-a456-426614174000, but got ""',
  ],
  [
    'agentIds: ["agent-1", "run-1"]',
    'BAD_USER_INPUT',
    'agentIds',
    'agentIds: expected the id of an agent, such as agent-123e4567-e89b-42d3-a456-426614174000, but got "run-1"',
  ],
  [
    'agentId: "agent-1&limit=3"',
    'BAD_USER_INPUT',
    'agentId',
    'agentId: expected the id of an agent, such as agent-123e4567-e89b-42d3-a456-426614174000, but got "agent-1&limit=3"',
  ],
  [
    'conversationId: ""',
    'BAD_USER_INPUT',
    'conversationId',
    'conversationId: expected the id of a conversation, such as conv-123e4567-e89b-42d3-a456-426614174000, but got ""',
  ],
  [
    'minDurationNs: "1m"',
    'BAD_USER_INPUT',
    'minDurationNs',
    'minDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got "1m"',
  ],
  [
    'minDurationNs: "PT"',
    'BAD_USER_INPUT',
    'minDurationNs',
    'minDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got "PT"',
  ],
  [
    'minDurationNs: "P"',
    'BAD_USER_INPUT',
    'minDurationNs',
    'minDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got "P"',
  ],
  [
    'minDurationNs: "P1DT"',
    'BAD_USER_INPUT',
    'minDurationNs',
    'minDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got "P1DT"',
  ],
  [
    'minDurationNs: "pt1m"',
    'BAD_USER_INPUT',
    'minDurationNs',
    'minDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got "pt1m"',
  ],
  [
    'minDurationNs: "-PT1M"',
    'BAD_USER_INPUT',
    'minDurationNs',
    'minDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got "-PT1M"',
  ],
  [
    'minDurationNs: "PT1.5M"',
    'BAD_USER_INPUT',
    'minDurationNs',
    'minDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got "PT1.5M"',
  ],
  [
    'minDurationNs: "PT0.0000000001S"',
    'BAD_USER_INPUT',
    'minDurationNs',
    'minDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got "PT0.0000000001S"',
  ],
  [
    'minDurationNs: "60000000000"',
    'BAD_USER_INPUT',
    'minDurationNs',
    'minDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got "60000000000"',
  ],
  [
    'minDurationNs: "P1000000D"',
    'BAD_USER_INPUT',
    'minDurationNs',
    'minDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got "P1000000D"',
  ],
  [
    'minDurationNs: ""',
    'BAD_USER_INPUT',
    'minDurationNs',
    'minDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got ""',
  ],
  [
    'minDurationNs: "P1M"',
    'BAD_USER_INPUT',
    'minDurationNs',
    'minDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got "P1M" (years and months have no fixed length)',
  ],
  [
    'minDurationNs: "P1Y"',
    'BAD_USER_INPUT',
    'minDurationNs',
    'minDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got "P1Y" (years and months have no fixed length)',
  ],
  [
    'minDurationNs: "P1Y2DT3S"',
    'BAD_USER_INPUT',
    'minDurationNs',
    'minDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got "P1Y2DT3S" (years and months have no fixed length)',
  ],
  [
    'createdAfter: "2026-02-30"',
    'BAD_USER_INPUT',
    'createdAfter',
    'createdAfter: expected a date and time with a zone, such as 2026-01-31T09:30:00Z, or a date, such as 2026-01-31, but got "2026-02-30"',
  ],
  [
    'createdAfter: "2026-1-1"',
    'BAD_USER_INPUT',
    'createdAfter',
    'createdAfter: expected a date and time with a zone, such as 2026-01-31T09:30:00Z, or a date, such as 2026-01-31, but got "2026-1-1"',
  ],
  [
    'createdAfter: "26-01-01"',
    'BAD_USER_INPUT',
    'createdAfter',
    'createdAfter: expected a date and time with a zone, such as 2026-01-31T09:30:00Z, or a date, such as 2026-01-31, but got "26-01-01"',
  ],
  [
    'createdAfter: "today"',
    'BAD_USER_INPUT',
    'createdAfter',
    'createdAfter: expected a date and time with a zone, such as 2026-01-31T09:30:00Z, or a date, such as 2026-01-31, but got "today"',
  ],
  [
    'createdAfter: "20260101"',
    'BAD_USER_INPUT',
    'createdAfter',
    'createdAfter: expected a date and time with a zone, such as 2026-01-31T09:30:00Z, or a date, such as 2026-01-31, but got "20260101"',
  ],
  [
    'notStatuses: []',
    'BAD_USER_INPUT',
    'notStatuses',
    'notStatuses: expected at least one value, but got an empty list; omit the argument for no filter',
  ],
  [
    'stopReasons: []',
    'BAD_USER_INPUT',
    'stopReasons',
    'stopReasons: expected at least one value, but got an empty list; omit the argument for no filter',
  ],
  [
    'notStopReasons: []',
    'BAD_USER_INPUT',
    'notStopReasons',
    'notStopReasons: expected at least one value, but got an empty list; omit the argument for no filter',
  ],
  [
    'metadata: []',
    'BAD_USER_INPUT',
    'metadata',
    'metadata: expected at least one value, but got an empty list; omit the argument for no filter',
  ],
  [
    'stopReason: ERROR, stopReasons: [ERROR]',
    'BAD_USER_INPUT',
    'stopReasons',
    'stopReasons and stopReason: expected at most one of the two, but got both',
  ],
  [
    'notStatuses: UNRECOGNIZED',
    'BAD_USER_INPUT',
    'notStatuses',
    `notStatuses: UNRECOGNIZED can't be used as a filter; expected one of ${inCapitals(RUN_STATUSES)}`,
  ],
  ...['stopReasons', 'notStopReasons'].map((name): [string, string, string, string] => [
    `${name}: [ERROR, UNRECOGNIZED]`,
    'BAD_USER_INPUT',
    name,
    `${name}: UNRECOGNIZED can't be used as a filter; expected one of ${inCapitals(STOP_REASONS)}`,
  ]),
  [
    'metadata: { path: "a" }',
    'BAD_USER_INPUT',
    'metadata',
    'metadata: expected one of equals and exists, but got neither (path: "a")',
  ],
  [
    'metadata: { path: "a", equals: 1, exists: true }',
    'BAD_USER_INPUT',
    'metadata',
    'metadata: expected one of equals and exists, but got both (path: "a")',
  ],
  [
    'metadata: { path: "a", equals: null, exists: false }',
    'BAD_USER_INPUT',
    'metadata',
    'metadata: expected one of equals and exists, but got both (path: "a")',
  ],
  [
    'metadata: { path: "", exists: true }',
    'BAD_USER_INPUT',
    'metadata',
    'metadata.path: expected at most 200 characters, keys with dots between them, such as "customer" or "order.id" (\\. for a dot in a key, \\\\ for a backslash), but got ""',
  ],
  [
    'metadata: { path: ".", exists: true }',
    'BAD_USER_INPUT',
    'metadata',
    'metadata.path: expected at most 200 characters, keys with dots between them, such as "customer" or "order.id" (\\. for a dot in a key, \\\\ for a backslash), but got "."',
  ],
  [
    'metadata: { path: "a..b", exists: true }',
    'BAD_USER_INPUT',
    'metadata',
    'metadata.path: expected at most 200 characters, keys with dots between them, such as "customer" or "order.id" (\\. for a dot in a key, \\\\ for a backslash), but got "a..b"',
  ],
  [
    'metadata: { path: "a.", exists: true }',
    'BAD_USER_INPUT',
    'metadata',
    'metadata.path: expected at most 200 characters, keys with dots between them, such as "customer" or "order.id" (\\. for a dot in a key, \\\\ for a backslash), but got "a."',
  ],
  [
    'metadata: { path: ".a", exists: true }',
    'BAD_USER_INPUT',
    'metadata',
    'metadata.path: expected at most 200 characters, keys with dots between them, such as "customer" or "order.id" (\\. for a dot in a key, \\\\ for a backslash), but got ".a"',
  ],
  [
    String.raw`metadata: { path: "a\\b", exists: true }`,
    'BAD_USER_INPUT',
    'metadata',
    String.raw`metadata.path: expected at most 200 characters, keys with dots between them, such as "customer" or "order.id" (\. for a dot in a key, \\ for a backslash), but got "a\\b"`,
  ],
  [
    `metadata: { path: "a", equals: "${'x'.repeat(999)}" }`,
    'BAD_USER_INPUT',
    'metadata',
    'metadata.equals: expected at most 1000 characters of JSON, but got 1001',
  ],
  [
    `metadata: [${Array.from({ length: 11 }, (_, n) => `{ path: "a${n}", exists: true }`).join()}]`,
    'BAD_USER_INPUT',
    'metadata',
    'metadata: expected at most 10 different values, but got 11',
  ],
  ['after: ""', 'INVALID_CURSOR', 'after', `after: "" ${NO_CURSOR}`],
  ['before: "Y3Vyc29yOjU="', 'INVALID_CURSOR', 'before', `before: "Y3Vyc29yOjU=" ${NO_CURSOR}`],
  ['after: "run-1&before=run-2"', 'INVALID_CURSOR', 'after', `after: "run-1&before=run-2" ${NO_CURSOR}`],
  [
    'after: "run-00000000-0000-4000-8000-000000000000"',
    'INVALID_CURSOR',
    'after',
    'after: "run-00000000-0000-4000-8000-000000000000" is not the id of a run that you can see',
  ],
];

describe('The arguments', () => {
  it.each(REFUSED)('%s are refused', async (args, code, argument, message) => {
    const { data, errors } = await execute(test.gateway, `{ runs(${args}) { nodes { id } } }`);
    expect(errors).toEqual([
      {
        message,
        path: ['runs'],
        locations: expect.anything(),
        extensions: { code, argument, retryable: false, requestId: expect.any(String) },
      },
    ]);
    expect(data).toEqual({ runs: null });
  });

  it('are refused without a request upstream', async () => {
    test.upstreamRequests.length = 0;
    const refusedAtOnce = REFUSED.filter(([args]) => !args.includes('00000000'));
    const fields = refusedAtOnce.map(([args], index) => `r${index}: runs(${args}) { nodes { id } }`);
    const { errors } = await execute(test.gateway, `{ ${fields.join('\n')} }`);
    expect(errors).toHaveLength(refusedAtOnce.length);
    expect(test.upstreamRequests).toEqual([]);
  });

  it.each([
    'first: null, last: null, after: null, before: null, agentId: null, statuses: null, stopReason: null',
    'active: false, statuses: [CREATED]',
    'agentId: "agent-1", agentIds: null',
    'ascending: false, order: DESC',
    'ascending: true, order: ASC',
    'first: 0',
    'last: 1000',
    'orderBy: CREATED_AT',
    'createdAfter: "2026-02-28", createdBefore: "2026-03-01T00:00:00+01:00"',
    'minDurationNs: "PT0.000000001S", maxDurationNs: "P1DT2H3M4.5S"',
    'minDurationNs: "P1W", maxDurationNs: "PT0,5S"',
    'notStatuses: COMPLETED, notStopReasons: [ERROR, ERROR], stopReasons: ERROR',
    'metadata: { path: "a", equals: null }',
    'metadata: null, notStatuses: null, stopReasons: null, notStopReasons: null',
  ])('%s are accepted', async (args) => {
    expect(await execute(test.gateway, `{ runs(${args}) { nodes { id } } }`)).toEqual({
      data: { runs: { nodes: [] } },
    });
  });
});

const ENUM = 'Its values are CREATED, RUNNING, COMPLETED, FAILED, CANCELLED.';
const page = (args: string): string => `runs(${args}) { nodes { id } }`;

/** An operation whose argument has a value of a wrong type, its variables, and the message. */
const OF_WRONG_TYPES: readonly (readonly [text: string, variables: object, message: string])[] = [
  [`{ ${page('first: "a"')} }`, {}, 'first: Int cannot represent non-integer value: "a"'],
  [`{ ${page('after: 5')} }`, {}, 'after: String cannot represent a non string value: 5'],
  [`{ ${page('statuses: [NO]')} }`, {}, `statuses: Value "NO" does not exist in "RunStatus" enum. ${ENUM}`],
  [
    `{ ${page('statuses: "FAILED"')} }`,
    {},
    `statuses: Enum "RunStatus" cannot represent non-enum value: "FAILED". Did you mean the enum value "FAILED"? ${ENUM}`,
  ],
  [
    `{ ${page('createdAfter: 5')} }`,
    {},
    'createdAfter: Expected value of type "DateTime", found 5; expected a string, such as "2026-01-31T09:30:00Z" or "2026-01-31"',
  ],
  [
    `{ ${page('minDurationNs: true')} }`,
    {},
    'minDurationNs: Expected value of type "Nanoseconds", found true; expected a whole number, or an ISO 8601 duration such as "PT1M"',
  ],
  [
    `{ ${page('metadata: [{ exists: true }]')} }`,
    {},
    'metadata: Field "MetadataFilter.path" of required type "String!" was not provided.',
  ],
  [
    `{ ${page('metadata: [{ path: "a", equals: { b: [NO] } }]')} }`,
    {},
    'metadata: Expected value of type "JSON", found {b: [NO]}; expected a value of JSON; texts have quotes',
  ],
  [
    `query ($n: Int) { ${page('first: $n')} }`,
    { n: 'a' },
    'first: Variable "$n" got invalid value "a"; Int cannot represent non-integer value: "a"',
  ],
  [
    `query ($n: Int) { ...Runs } fragment Runs on Query { a: ${page('first: $n')} b: ${page('last: $n')} }`,
    { n: 0.5 },
    'first, last: Variable "$n" got invalid value 0.5; Int cannot represent non-integer value: 0.5',
  ],
  [
    `query ($n: Int = "a") { ${page('first: $n')} }`,
    {},
    'first: Int cannot represent non-integer value: "a"',
  ],
  [
    `query ($n: String) { ${page('first: $n')} }`,
    {},
    'first: Variable "$n" of type "String" used in position expecting type "Int".',
  ],
  [
    `query ($path: String!) { ${page('metadata: { path: $path, exists: true }')} }`,
    { path: 5 },
    'metadata: Variable "$path" got invalid value 5; String cannot represent a non string value: 5',
  ],
  [
    `query ($all: [MetadataFilter!]) { ${page('metadata: $all')} }`,
    { all: [{ path: 'a', equal: 1 }] },
    'metadata: Variable "$all" got invalid value { path: "a", equal: 1 } at "all[0]"; Field "equal" is not defined by type "MetadataFilter". Did you mean "equals"?',
  ],
  [
    `query ($all: [MetadataFilter!]) { ${page('metadata: $all')} }`,
    { all: [{ path: 'a', equals: { b: [2 ** 53] } }] },
    'metadata.equals: numbers beyond 2^53-1 may lose digits in variables, so expected 9007199254740992 to be written in the query itself',
  ],
  [
    `query ($long: Nanoseconds) { ${page('minDurationNs: $long')} }`,
    { long: '1m' },
    'minDurationNs: expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got "1m"',
  ],
  ['{ node(id: 1.5) { id } }', {}, 'id: ID cannot represent a non-string and non-integer value: 1.5'],
  [
    'query ($id: ID!) { run(id: $id) { id } }',
    { id: {} },
    'id: Variable "$id" got invalid value {}; ID cannot represent value: {}',
  ],
  [
    'mutation ($ids: [ID!]!) { cancelRuns(ids: $ids) { runs { id } } }',
    { ids: [true] },
    'ids: Variable "$ids" got invalid value true at "ids[0]"; ID cannot represent value: true',
  ],
  [
    'query ($refs: [_Any!]!) { _entities(representations: $refs) { __typename } }',
    { refs: [null] },
    'representations: Variable "$refs" got invalid value null at "refs[0]"; Expected non-nullable type "_Any!" not to be null.',
  ],
];

it.each(OF_WRONG_TYPES)('%s %j: the error names the argument', async (text, variables, message) => {
  const { errors } = await execute(test.gateway, text, variables);
  expect(errors?.map((error) => error.message)).toEqual([message]);
  expect(errors?.[0]?.extensions?.['code']).toMatch(/^(?:BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/);
});

it.each([
  [
    'subscription ($s: [RunStatus!]) { runEvents(notStatuses: $s) { runId } }',
    `notStatuses: Variable "$s" got invalid value "NO" at "s[0]"; Value "NO" does not exist in "RunStatus" enum. ${ENUM}`,
  ],
  [
    'subscription ($s: JSON) { runEvents(metadata: { path: ".", equals: $s }) { runId } }',
    'metadata.path: expected at most 200 characters, keys with dots between them, such as "customer" or "order.id" (\\. for a dot in a key, \\\\ for a backslash), but got "."',
  ],
  [
    'subscription { runUpdates(id: "one") { id } }',
    'id: expected the id of a run, such as run-123e4567-e89b-42d3-a456-426614174000, but got "one"',
  ],
])('%s: the error names the argument', async (query, message) => {
  const body = JSON.stringify({ query, variables: { s: ['NO'] } });
  const text = await post(test.gateway, body, { accept: 'text/event-stream' });
  expect(JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text)).toMatchObject({ errors: [{ message }] });
});

it('Messages about one variable name few of the arguments that have it, however often it is declared', async () => {
  const names = Array.from({ length: 1000 }, (_, index) => `argument${index}`);
  const text = `query (${'$v: Foo '.repeat(120)}) { runs(${names.map((name) => `${name}: $v`).join(' ')}) { nodes { id } } }`;
  const answer = await post(test.gateway, JSON.stringify({ query: text }));
  expect(answer).toContain('argument0, argument1, argument2: Unknown type');
  expect(answer.length).toBeLessThan(3 * text.length);
});
