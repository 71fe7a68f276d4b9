import { beforeEach, describe, expect, test } from 'vitest';
import type { Given } from '../observe.ts';
import { lacks } from '../releases.ts';

/** Allowed by every installation. */
const LETTA = 'https://app.letta.com';
/** Allowed by none, unless by a wildcard. */
const OTHER = 'https://elsewhere.example';

export function describeCors(given: Given): void {
  describe('cross-origin requests', () => {
    beforeEach((context) => context.skip(...lacks(given(), 'cross-origin requests')));
    const ask = async (
      path: string,
      headers: Readonly<Record<string, string>> & { readonly origin: string },
      method = 'GET',
    ) => {
      const { apiKey, userId } = given().target;
      const response = await given().client.get(path, {
        method,
        headers: {
          ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
          ...(userId !== undefined && { user_id: userId }),
          ...headers,
        },
      });
      return { status: response.status, headers: response.headers, body: await response.text() };
    };

    test.each([
      ['/v1/runs/?limit=1', 200],
      ['/v1/runs/?limit=x', 422],
      ['/v1/runs/nonsense', 400],
      ['/v1/nowhere', 404],
    ])('%s, a %i, can be read by a page of app.letta.com', async (path, status) => {
      const answer = await ask(path, { origin: LETTA });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('access-control-allow-origin')).toBe(LETTA);
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
      expect(answer.headers.get('vary')).toContain('Origin');
    });

    test('no page of another origin can read an answer', async () => {
      const answer = await ask('/v1/runs/?limit=1', { origin: OTHER });
      expect(answer.status).toBe(200);
      expect(answer.headers.has('access-control-allow-origin')).toBe(false);
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
    });

    test.each([
      [LETTA, 200, 'OK'],
      [OTHER, 400, 'Disallowed CORS origin'],
    ])('a preflight from %s is a %i', async (origin, status, body) => {
      const wanted = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'x-a' };
      const answer = await ask('/v1/runs/', { origin, ...wanted }, 'OPTIONS');
      expect([answer.status, answer.body]).toEqual([status, body]);
      expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(answer.headers.get('access-control-max-age')).toBe('600');
      expect(answer.headers.get('access-control-allow-headers')).toBe('x-a');
      expect(answer.headers.get('access-control-allow-methods')).toBe(
        'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT',
      );
    });
  });
}
