import { describe, expect, test } from 'vitest';
import type { Given } from '../observe.ts';
import { lacks } from '../releases.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';
const RUN = `/v1/runs/run-${NOBODY}`;

/** Paths, each with the first method that the server has for it. */
const ROUTES: readonly (readonly [path: string, allow: string, since?: string])[] = [
  ['/v1/runs/', 'GET'],
  [RUN, 'GET'],
  [`${RUN}/metrics`, 'GET'],
  [`${RUN}/steps`, 'GET'],
  [`${RUN}/messages`, 'GET'],
  [`/v1/steps/step-${NOBODY}`, 'GET'],
  [`/v1/steps/step-${NOBODY}/metrics`, 'GET'],
  ['/v1/agents/', 'GET'],
  [`/v1/agents/agent-${NOBODY}`, 'PATCH', 'another method of agents'],
];

export function describeRoutes(given: Given): void {
  describe('routes', () => {
    test('health is a 200 for everyone', async () => {
      const response = await fetch(`${given().target.baseUrl}/v1/health/`);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ status: 'ok' });
    });

    test('a path that leads nowhere is a 404', async () => {
      expect((await given().client.get('/v1/nowhere')).status).toBe(404);
    });

    // Neither method can change anything.
    describe.each(['HEAD', 'OPTIONS'])('%s is not allowed', (method) => {
      test.for(ROUTES)('on %s, but %s is', async ([path, allow, since], context) => {
        context.skip(...lacks(given(), since));
        const response = await given().client.get(path, { method });
        expect(response.status).toBe(405);
        expect(response.headers.get('allow')).toBe(allow);
      });
    });

    test('POST on the list is not allowed', async (context) => {
      context.skip(...lacks(given(), 'other methods'));
      expect((await given().client.get('/v1/runs/', { method: 'POST' })).status).toBe(405);
    });
  });
}
