import { expect, test } from 'vitest';
import { SECOND_ACTOR } from '../../../src/embedded-api/model/actors.ts';
import { FIVE_RUNS, runId, runningApi } from '../running-api.ts';

const AS_SECOND = { headers: { user_id: SECOND_ACTOR.id } };

test.each([
  ['/v1/runs', '/v1/runs/'],
  ['/v1/runs?limit=1&agent_id=a%20b', '/v1/runs/?limit=1&agent_id=a%20b'],
  ['/latest/runs', '/latest/runs/'],
  ['/v1/runs/active/', '/v1/runs/active'],
  [`/v1/runs/${runId(1)}/`, `/v1/runs/${runId(1)}`],
  [`/v1/runs/${runId(1)}/metrics/?x=1`, `/v1/runs/${runId(1)}/metrics?x=1`],
  ['/v1/health', '/v1/health/'],
  ['/v1/ready', '/v1/ready/'],
  ['/v1/steps', '/v1/steps/'],
])('%s is redirected to %s', async (from, to) => {
  await using api = await runningApi([]);
  const response = await api.get(from);
  expect(response.status).toBe(307);
  expect(response.headers.get('location')).toBe(api.baseUrl + to);
  expect(response.headers.get('content-length')).toBe('0');
  expect(await response.text()).toBe('');
});

test('the root is redirected to /docs, without its query', async () => {
  await using api = await runningApi([]);
  const response = await api.get('/?a=b');
  expect([response.status, response.headers.get('location')]).toEqual([307, '/docs']);
});

test.each([
  ['%25', '%'],
  ['%5B%5D', '[]'],
  ['%22%3C%7C', '%22%3C%7C'],
  ['%C3%A9', '%C3%A9'],
])('a redirect spells %s as %s', async (from, to) => {
  await using api = await runningApi([]);
  const response = await api.get(`/v1/runs/${from}/`);
  expect(response.headers.get('location')).toBe(`${api.baseUrl}/v1/runs/${to}`);
});

test('a line break behind a path or an id is overlooked', async () => {
  await using api = await runningApi(FIVE_RUNS);
  expect((await api.get('/v1/runs/%0A')).status).toBe(200);
  const { status, body } = await api.json(`/v1/runs/${runId(1)}%0A`);
  expect(status).toBe(404);
  expect(JSON.stringify(body)).toContain(JSON.stringify(`['${runId(1)}\\n']`).slice(1, -1));
});

test.each<readonly [method: string, path: string, allow: string]>([
  ['POST', '/', 'GET'],
  ['POST', '/v1/runs/', 'GET'],
  ['HEAD', '/v1/runs/', 'GET'],
  ['OPTIONS', '/v1/runs/', 'GET'],
  ['PUT', `/v1/runs/${runId(1)}`, 'GET'],
  ['GET', `/v1/runs/${runId(1)}/stream`, 'POST'],
  ['POST', '/v1/health/', 'GET'],
  ...['metrics', 'usage', 'steps', 'messages', 'trace'].map(
    (part) => ['PUT', `/v1/runs/${runId(1)}/${part}`, 'GET'] as const,
  ),
  ['PUT', '/v1/steps/', 'GET'],
  ['PUT', '/v1/steps/x', 'GET'],
  ...['metrics', 'messages', 'trace'].map((part) => ['DELETE', `/v1/steps/x/${part}`, 'GET'] as const),
  ['PUT', '/v1/agents/', 'GET'],
  ['POST', '/v1/agents/count', 'GET'],
  // Of all routes of this path the first is the one that changes agents, which isn't served.
  ['PUT', '/v1/agents/x', 'PATCH'],
  ['HEAD', '/v1/agents/x', 'PATCH'],
  ['PATCH', '/v1/agents/x', 'GET'],
])('%s %s is not allowed', async (method, path, allow) => {
  await using api = await runningApi([]);
  const response = await api.get(path, { method });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe(allow);
  expect(await response.text()).toBe(method === 'HEAD' ? '' : '{"detail":"Method Not Allowed"}');
});

test.each(['//', '/v1', '/v1/runs//', '/v2/runs/', '/v1/runs/a/b', '/runs/', `/v1/runs/a%2Fb`])(
  '%s is not found',
  async (path) => {
    await using api = await runningApi([]);
    expect(await api.json(path)).toEqual({ status: 404, body: { detail: 'Not Found' } });
  },
);

test.each(['/v1/health/', '/v1/ready/', '/latest/health/'])(
  '%s answers that the server is healthy',
  async (path) => {
    await using api = await runningApi([]);
    const response = await api.get(path);
    expect(await response.text()).toBe('{"version":"0.16.7","status":"ok"}');
  },
);

test('the list answers under /latest as well', async () => {
  await using api = await runningApi(FIVE_RUNS);
  expect((await api.json('/latest/runs/')).body).toHaveLength(5);
});

test.each([
  'run-123e4567-e89b-12d3-a456-426614174000',
  'run-AAAAAAAA-0000-4000-8000-000000000000',
  'job-00000001-0000-4000-8000-000000000000',
  'nonsense',
])('%s is refused as an id', async (id) => {
  await using api = await runningApi(FIVE_RUNS);
  const detail = `INVALID_ARGUMENT: Invalid run ID format: ${id}. Expected format: 'run-<uuid4>'`;
  expect(await api.json(`/v1/runs/${id}`)).toEqual({ status: 400, body: { detail } });
});

test('a run of another organization looks like a missing one', async () => {
  await using api = await runningApi(FIVE_RUNS);
  const foreign = await api.get(`/v1/runs/${runId(1)}`, AS_SECOND);
  const missing = await api.get(`/v1/runs/${runId(9)}`, AS_SECOND);
  expect([foreign.status, missing.status]).toEqual([404, 404]);
  const text = await foreign.text();
  expect((await missing.text()).replace(runId(9), runId(1))).toBe(text);
  expect(JSON.parse(text).detail).toMatch(
    `Run not found with id='['${runId(1)}']', access level in ['read'] for actor='id='${SECOND_ACTOR.id}' ` +
      `organization_id='${SECOND_ACTOR.organizationId}' name='second_user' created_at=datetime.datetime(`,
  );
});

test.each([
  ['no header', {}, 5],
  ['the default user', { user_id: 'user-00000000-0000-4000-8000-000000000000' }, 5],
  ['an unknown user', { user_id: 'user-99999999-0000-4000-8000-000000000000' }, 5],
  ['a header with a dash', { 'user-id': SECOND_ACTOR.id }, 5],
  ['the second user', { user_id: SECOND_ACTOR.id }, 1],
])('%s sees the runs of its organization', async (_, headers, count) => {
  await using api = await runningApi(FIVE_RUNS);
  const { organizationId: organization_id } = SECOND_ACTOR;
  api.store.insert([
    { id: runId(6), agent_id: 'agent-z', created_at: '2025-01-01T00:00:03Z', organization_id },
  ]);
  expect((await api.json('/v1/runs/', { headers })).body).toHaveLength(count);
});

test.each([
  ['me', '/v1/runs/'],
  ['me', '/v1/runs/active'],
  ['me', `/v1/runs/${runId(1)}`],
  ['me', '/v1/runs/?statuses=pending'],
  // Before the query is looked at.
  ['me', '/v1/runs/?limit=0'],
  ['me', '/v1/runs/active?background=maybe'],
  ['me', `/v1/runs/${runId(1)}/trace`],
  ['', '/v1/runs/'],
])('the malformed user id "%s" is refused on %s', async (userId, path) => {
  await using api = await runningApi(FIVE_RUNS);
  const detail = `INVALID_ARGUMENT: Invalid user ID format: ${userId}. Expected format: 'user-<uuid4>'`;
  expect(await api.json(path, { headers: { user_id: userId } })).toEqual({ status: 400, body: { detail } });
});

const NOW = new Date('2025-01-01T03:00:04.500Z');

test.each([
  [
    'a malformed id',
    'nonsense',
    400,
    "INVALID_ARGUMENT: Invalid run ID format: nonsense. Expected format: 'run-<uuid4>'",
  ],
  [
    'a missing run',
    runId(9),
    404,
    `Run not found with id='['${runId(9)}']', access level in ['read'] for actor='`,
  ],
  [
    'a run in the foreground',
    runId(1),
    400,
    'INVALID_ARGUMENT: Run was not created in background mode, so it cannot be retrieved.',
  ],
  ['an old run', runId(4), 410, 'EXPIRED: Run was created more than 3 hours ago, and is now expired.'],
  ['a fresh run', runId(5), 503, 'Background streaming requires Redis to be running. '],
])('the stream of %s is refused', async (_, id, status, detail) => {
  await using api = await runningApi(FIVE_RUNS, { now: () => NOW });
  for (const number of [4, 5]) api.store.update(runId(number), { background: true });
  const reply = await api.json(`/v1/runs/${id}/stream`, { method: 'POST', body: '{}' });
  expect(reply.status).toBe(status);
  expect(reply.body).toEqual({ detail: expect.stringContaining(detail) });
});

test.each([
  ['DELETE', `/v1/runs/${runId(1)}`, 500, 'An unknown error occurred'],
  ['DELETE', '/v1/runs/active', 500, 'An unknown error occurred'],
  [
    'GET',
    '/v1/steps/',
    400,
    "Argument order does not match type typing.Optional[str]; is False of type <class 'bool'>",
  ],
  [
    'GET',
    '/v1/runs/nonsense/trace',
    501,
    'OTEL traces require ClickHouse. Set LETTA_CLICKHOUSE_ENDPOINT and configure ClickHouse connection.',
  ],
])('%s %s is as broken as in Letta 0.16.7', async (method, path, status, detail) => {
  await using api = await runningApi(FIVE_RUNS);
  expect(await api.json(path, { method })).toEqual({ status, body: { detail } });
});

const PASSWORD = { password: 'correct horse' };

test.each([
  ['nothing', {}, 401],
  ['the password', { authorization: 'Bearer correct horse' }, 200],
  ['the bare password', { 'x-bare-password': 'password correct horse' }, 200],
  ['another password', { authorization: 'Bearer wrong' }, 401],
  ['a scheme in lower case', { authorization: 'bearer correct horse' }, 401],
  ['the password without scheme', { authorization: 'correct horse' }, 401],
])('with a password set, %s gets %s', async (_, headers, status) => {
  await using api = await runningApi([], PASSWORD);
  const response = await api.get('/v1/runs/', { headers });
  expect(response.status).toBe(status);
  expect(response.headers.has('www-authenticate')).toBe(false);
});

test.each(['/v1/runs', '/nowhere', '/v1/runs/?limit=0', '/latest/health'])(
  'the password comes before everything on %s',
  async (path) => {
    await using api = await runningApi([], PASSWORD);
    expect(await api.json(path)).toEqual({ status: 401, body: { detail: 'Unauthorized' } });
  },
);

test.each([
  ['/v1/health/', 200],
  ['/v1/ready/', 200],
  ['/v1/health', 307],
])('%s needs no password', async (path, status) => {
  await using api = await runningApi([], PASSWORD);
  expect((await api.get(path)).status).toBe(status);
});

test('the broken list of steps shows the order that it was asked for, after the query was checked', async () => {
  await using api = await runningApi([]);
  const { body } = await api.json('/v1/steps/?order=asc');
  expect(JSON.stringify(body)).toContain("is True of type <class 'bool'>");
  expect((await api.get('/v1/steps/?order_by=duration')).status).toBe(422);
  expect((await api.get('/v1/steps/?limit=-5')).status).toBe(400);
});
