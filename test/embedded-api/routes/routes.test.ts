import { expect, test } from 'vitest';
import { SECOND_ACTOR } from '../../../embedded-api/model/actors.ts';
import { FIVE_RUNS, runId, runningApi } from '../running-api.ts';

const AS_SECOND = { headers: { user_id: SECOND_ACTOR.id } };

test.each<readonly [method: string, path: string, allow: string]>([
  ['POST', '/v1/runs/', 'GET'],
  ['HEAD', '/v1/runs/', 'GET'],
  ['OPTIONS', '/v1/runs/', 'GET'],
  ['PUT', `/v1/runs/${runId(1)}`, 'GET'],
  ['POST', '/v1/health/', 'GET'],
  ...['metrics', 'steps', 'messages'].map((part) => ['PUT', `/v1/runs/${runId(1)}/${part}`, 'GET'] as const),
  ['PUT', '/v1/steps/x', 'GET'],
  ['PUT', '/v1/agents/', 'GET'],
  ['PATCH', '/v1/agents/x', 'GET'],
  ['GET', '/v1/agents/x/messages/cancel', 'POST'],
])('%s %s is not allowed', async (method, path, allow) => {
  await using api = await runningApi([]);
  const response = await api.get(path, { method });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe(allow);
  expect(await response.text()).toBe(method === 'HEAD' ? '' : '{"detail":"Method Not Allowed"}');
});

// A list without its slash isn't redirected: the gateway never follows one, which would lose its credentials.
test.each([
  '/',
  '//',
  '/v1',
  '/v1/runs',
  '/v1/agents',
  '/v1/runs//',
  '/v2/runs/',
  '/v1/runs/a/b',
  '/v1/runs/a%2Fb',
])('%s is not found', async (path) => {
  await using api = await runningApi([]);
  expect(await api.json(path)).toEqual({ status: 404, body: { detail: 'Not Found' } });
});

test('the server tells its release, without a password too', async () => {
  await using api = await runningApi([], { password: 'correct-horse' });
  const response = await api.get('/v1/health/');
  expect(await response.text()).toBe('{"version":"0.16.7","status":"ok"}');
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
  // Letta names the user there, whom no client of the gateway may see.
  expect(JSON.parse(text).detail).toContain(SECOND_ACTOR.id);
});

test.each([
  ['no header', {}, 5],
  ['an unknown user', { user_id: 'user-99999999-0000-4000-8000-000000000000' }, 5],
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
  ['no key', {}, 401],
  ['a wrong key', { authorization: 'Bearer wrong' }, 401],
  ['another scheme', { authorization: 'Basic correct-horse' }, 401],
  ['the key', { authorization: 'Bearer correct-horse' }, 200],
])('with a password set, %s gets a %i', async (_, headers, status) => {
  await using api = await runningApi(FIVE_RUNS, { password: 'correct-horse' });
  for (const path of ['/v1/runs/', `/v1/runs/${runId(1)}`]) {
    expect((await api.get(path, { headers })).status).toBe(status);
  }
  // Unknown paths are no less secret.
  expect((await api.get('/nowhere', { headers })).status).toBe(status === 200 ? 404 : 401);
});
