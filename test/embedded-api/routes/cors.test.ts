import { expect, test } from 'vitest';
import { FIVE_RUNS, runId, runningApi } from '../running-api.ts';

const LETTA = 'https://app.letta.com';
const OTHER = 'https://elsewhere.example';

function corsHeaders({ headers }: Response): Record<string, string> {
  const names = ['vary', ...[...headers.keys()].filter((name) => name.startsWith('access-control-'))];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

const CREDENTIALS = { 'access-control-allow-credentials': 'true' };
const ALLOWED = { ...CREDENTIALS, 'access-control-allow-origin': LETTA, vary: 'Origin' };

test.each([
  ['/v1/runs/', 200],
  ['/v1/runs', 307],
  ['/', 307],
  ['/v1/runs/?limit=0', 422],
  ['/v1/runs/nonsense', 400],
  ['/nowhere', 404],
  ['/v1/runs/?before=%00', 500],
])(
  '%s, a %i, names its origin to app.letta.com, and to others that credentials are allowed',
  async (path, status) => {
    await using api = await runningApi(FIVE_RUNS);
    const allowed = await api.get(path, { headers: { origin: LETTA } });
    expect([allowed.status, corsHeaders(allowed)]).toEqual([status, ALLOWED]);
    const other = await api.get(path, { headers: { origin: OTHER } });
    expect([other.status, corsHeaders(other)]).toEqual([status, CREDENTIALS]);
    expect(corsHeaders(await api.get(path))).toEqual({});
  },
);

test('an unhandled 500 has no CORS headers', async () => {
  await using api = await runningApi(FIVE_RUNS);
  const response = await api.get(`/v1/runs/${runId(1)}`, { method: 'DELETE', headers: { origin: LETTA } });
  expect([response.status, corsHeaders(response)]).toEqual([500, {}]);
});

const PREFLIGHT = {
  vary: 'Origin',
  'access-control-allow-methods': 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT',
  'access-control-max-age': '600',
};

test.each([
  [LETTA, 'GET', 200, 'OK', ALLOWED],
  [LETTA, 'TRACE', 400, 'Disallowed CORS method', ALLOWED],
  [OTHER, 'GET', 400, 'Disallowed CORS origin', CREDENTIALS],
  [OTHER, 'TRACE', 400, 'Disallowed CORS origin, method', CREDENTIALS],
])('a preflight of %s for %s is a %i, %s', async (origin, requested, status, body, headers) => {
  await using api = await runningApi([], { password: 'correct-horse' });
  for (const path of ['/v1/runs/', '/nowhere']) {
    const response = await api.get(path, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': requested },
    });
    expect([response.status, await response.text()]).toEqual([status, body]);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(corsHeaders(response)).toEqual({ ...PREFLIGHT, ...headers });
  }
});

test('a preflight is granted the headers that it asks for', async () => {
  await using api = await runningApi([]);
  const response = await api.get('/v1/runs/', {
    method: 'OPTIONS',
    headers: {
      origin: LETTA,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'X-A, user_id',
    },
  });
  expect(response.headers.get('access-control-allow-headers')).toBe('X-A, user_id');
});

test('a 401 has CORS headers as well', async () => {
  await using api = await runningApi([], { password: 'correct-horse' });
  const response = await api.get('/v1/runs/', { headers: { origin: LETTA } });
  expect([response.status, corsHeaders(response)]).toEqual([401, ALLOWED]);
});
