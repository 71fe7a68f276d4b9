import { beforeEach, describe, expect, test } from 'vitest';
import { type Given, tooFew } from '../observe.ts';
import { lacks } from '../releases.ts';
import { type Skips, testUnless } from '../skips.ts';

/** An address is wherever the server says, so what is behind it counts. */
function pathOf(location: string | null): string {
  const { pathname, search } = new URL(location ?? '');
  return pathname + search;
}

const NOBODY = '00000000-0000-4000-8000-000000000000';

/** Paths, each with the first method that the server has for it. */
const NOT_ALLOWED: readonly (readonly [path: string, allow: string, since?: string])[] = [
  ['/v1/runs/', 'GET'],
  ['/v1/runs/active', 'GET'],
  ...['', '/metrics', '/steps', '/messages'].map((part) => [`/v1/runs/run-${NOBODY}${part}`, 'GET'] as const),
  [`/v1/runs/run-${NOBODY}/usage`, 'GET', 'the usage of a run'],
  [`/v1/runs/run-${NOBODY}/trace`, 'GET', 'a trace of runs'],
  [`/v1/runs/run-${NOBODY}/stream`, 'POST', 'a stream of a run'],
  ['/v1/steps/', 'GET', 'the list of all steps'],
  [`/v1/steps/step-${NOBODY}`, 'GET'],
  [`/v1/steps/step-${NOBODY}/metrics`, 'GET'],
  [`/v1/steps/step-${NOBODY}/messages`, 'GET', 'messages of steps'],
  [`/v1/steps/step-${NOBODY}/trace`, 'GET', 'traces of steps'],
  ['/v1/agents/', 'GET'],
  ['/v1/agents/count', 'GET'],
  [`/v1/agents/agent-${NOBODY}`, 'PATCH', 'another method of agents'],
  ['/v1/agents/nonsense', 'PATCH', 'another method of agents'],
];

export function describeRoutes(given: Given, { otherMethods }: Skips): void {
  describe('routes', () => {
    test('health is a 200 for everyone', async () => {
      const { client } = given();
      const response = await client.get('/v1/health/', { headers: {} });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ status: 'ok' });
    });

    test('the list without its slash is redirected, with its query', async (context) => {
      context.skip(...lacks(given(), 'redirects'));
      const { client, target } = given();
      const response = await client.get('/v1/runs?limit=1&statuses=failed&statuses=created');
      expect(response.status).toBe(307);
      expect(pathOf(response.headers.get('location'))).toBe(
        pathOf(`${target.baseUrl}/v1/runs/?limit=1&statuses=failed&statuses=created`),
      );
    });

    test('the root is redirected to /docs, without its query', async (context) => {
      context.skip(...lacks(given(), 'a redirect to /docs'));
      const response = await given().client.get('/?a=b');
      expect(response.status).toBe(307);
      expect(response.headers.get('location')).toBe('/docs');
    });

    test.for([
      ['%25', '%'],
      ['%5B%5D', '[]'],
      ['%22%3C%7C', '%22%3C%7C'],
      ['%C3%A9', '%C3%A9'],
    ])('a redirect spells %s as %s', async ([from = '', to = ''], context) => {
      context.skip(...lacks(given(), 'redirects'));
      const response = await given().client.get(`/v1/runs/${from}/`);
      expect(response.status).toBe(307);
      expect(response.headers.get('location')).toMatch(new RegExp(`/v1/runs/${RegExp.escape(to)}$`));
    });

    test('a line break behind the id of a run is part of it, and behind the list it is overlooked', async (context) => {
      context.skip(...lacks(given(), 'line breaks in paths'));
      const { client } = given();
      const id = `run-${crypto.randomUUID()}`;
      const response = await client.get(`/v1/runs/${id}%0A`);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ detail: expect.stringContaining(`['${id}\\n']`) });
      expect((await client.get('/v1/runs/%0A?limit=1')).status).toBe(200);
    });

    describe('with some runs', () => {
      beforeEach((context) => context.skip(...tooFew(given())));

      test('one run with a slash is redirected', async (context) => {
        context.skip(...lacks(given(), 'redirects'));
        const { client, heads, target } = given();
        const path = `/v1/runs/${heads.desc.rows[0]?.id}`;
        const response = await client.get(`${path}/`);
        expect(response.status).toBe(307);
        expect(pathOf(response.headers.get('location'))).toBe(pathOf(target.baseUrl + path));
      });
    });

    const expectNotAllowed = async (method: string, path = '/v1/runs/', allow = 'GET'): Promise<void> => {
      const response = await given().client.get(path, { method });
      expect(response.status, path).toBe(405);
      expect(response.headers.get('allow'), path).toBe(allow);
    };

    // Neither method can change anything.
    describe.each(['HEAD', 'OPTIONS'])('%s is not allowed', (method) => {
      test.for(NOT_ALLOWED)('on %s, but %s is', async ([path, allow, since], context) => {
        context.skip(...lacks(given(), since));
        await expectNotAllowed(method, path, allow);
      });
    });

    testUnless(otherMethods, 'POST on the list is not allowed', async () => expectNotAllowed('POST'));

    test('a path that leads nowhere is a 404', async () => {
      const response = await given().client.get('/v1/nowhere');
      expect(response.status).toBe(404);
    });
  });
}
