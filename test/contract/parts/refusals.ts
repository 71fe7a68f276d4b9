import { describe, expect, test } from 'vitest';
import type { Given } from '../observe.ts';
import { has, invalid, lacks } from '../releases.ts';
import { pathOf, PROFILES, type Query } from '../target.ts';

const INTERNAL = '/v1/_internal_runs/';

/** Lists with parameters that each of them refuses, some only since a release; before an id is looked at. */
const REFUSED: readonly (readonly [path: string, queries: string, since?: string])[] = [
  ['/v1/runs/', 'limit=0', 'a limit from 1'],
  [
    '/v1/runs/',
    'limit=abc order=newest stop_reason=bogus stop_reason=END_TURN background=maybe active=maybe',
  ],
  [INTERNAL, 'limit=1001', 'a limit up to 1000'],
  [INTERNAL, 'start_date= start_date=2026-01-01T05:00:00%2002:00', 'internal?start_date'],
  ['/v1/runs/nonsense/steps', 'limit=abc order=ASC'],
  ['/v1/runs/nonsense/messages', 'limit=abc order=ASC'],
  ['/v1/agents/', 'limit=abc order=ASC'],
];

/** An unknown one, one behind a known one, and one in upper case. */
const BAD_STATUSES = [['pending'], ['completed', 'pending'], ['COMPLETED']];

const MATCHING_NOTHING: readonly Query[] = [
  { agent_id: 'nobody' },
  { agent_ids: 'agent-1,agent-2' },
  { conversation_id: '' },
];

/** Nonsense, no UUID, one of version 1, and capitals. */
const malformed = (kind: string): string[] => [
  'nonsense',
  ...['', '123e4567-e89b-12d3-a456-426614174000', 'FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF'].map(
    (uuid) => `${kind}-${uuid}`,
  ),
];

/** What is there of a run, and what of it is not found. */
const RUN_PARTS = [
  ['', 'Run'],
  ['/metrics', 'RunMetrics'],
  ['/steps', 'Run'],
  ['/messages', 'Run'],
] as const;

/** Other objects, their kinds, and how the 404 begins. */
const OTHERS = [
  ['/v1/steps/ID', 'step', "Step not found with id='['ID']'"],
  ['/v1/steps/ID/metrics', 'step', "StepMetrics not found with id='['ID']'"],
  ['/v1/agents/ID', 'agent', 'ID not found'],
] as const;

export function describeRefusals(given: Given): void {
  const ask = (path: string) => given().client.ask(path);
  const list = (query: Query) => ask(pathOf('/v1/runs/', query));

  describe('what is refused', () => {
    test('nobody at /v1/health/, and a path that leads nowhere by a 404', async () => {
      const response = await fetch(`${given().target.baseUrl}/v1/health/`);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ status: 'ok' });
      expect((await given().client.get('/v1/nowhere')).status).toBe(404);
    });

    test.for(REFUSED)(
      '%s with any of %s is a 422 that names the parameter',
      async ([path, queries, since], context) => {
        context.skip(...lacks(given(), since));
        context.skip(path === INTERNAL && !given().hasInternalRuns, 'this server has no such list');
        for (const query of queries.split(' '))
          expect(await ask(`${path}?${query}`), query).toEqual(invalid(`('query', '${query.split('=')[0]}'`));
      },
    );

    test('limit=1001 of runs is a 422 that says what is allowed', async (context) => {
      context.skip(...lacks(given(), 'a limit up to 1000'));
      const body = PROFILES[given().target.profile].overLimit;
      expect(await list({ limit: 1001 })).toEqual({ status: 422, body });
    });

    test.each(BAD_STATUSES)('statuses %s %s are a 400 with a text alone', async (...statuses) => {
      const detail = expect.stringContaining('is not a valid RunStatus');
      const sent = statuses.filter((status) => status !== undefined);
      expect(await list({ statuses: sent })).toEqual({ status: 400, body: { detail } });
    });

    test.each(MATCHING_NOTHING)('%o is not, and matches nothing, unless it is not known', async (query) => {
      const isKnown = Object.keys(query).every((name) => has(given(), `runs?${name}`));
      const body = isKnown ? [] : given().heads.desc.rows.slice(0, 100);
      expect(await list(query)).toEqual({ status: 200, body });
    });

    test.each(RUN_PARTS)(
      'a run%s is a 400 if malformed, a 404 that names it if missing',
      async (part, model) => {
        for (const id of [...malformed('run'), 'job-ffffffff-ffff-4fff-bfff-ffffffffffff']) {
          const detail = expect.stringContaining(`Invalid run ID format: ${id}`);
          expect(await ask(`/v1/runs/${id}${part}`)).toEqual({ status: 400, body: { detail } });
        }
        const id = `run-${crypto.randomUUID()}`;
        const detail = expect.stringContaining(`${model} not found with id='['${id}']'`);
        expect(await ask(`/v1/runs/${id}${part}`)).toEqual({ status: 404, body: { detail } });
      },
    );

    test.each(OTHERS)(
      '%s is a 422 with an example if malformed, a 404 that names it if missing',
      async (path, kind, text) => {
        const examples = [`${kind}-123e4567-e89b-42d3-8456-426614174000`];
        for (const id of malformed(kind))
          expect(await ask(path.replace('ID', id))).toEqual(invalid(`('path', '${kind}_id')`, { examples }));
        const id = `${kind}-${crypto.randomUUID()}`;
        const detail = expect.stringContaining(text.replaceAll('ID', id));
        expect(await ask(path.replace('ID', id))).toEqual({ status: 404, body: { detail } });
      },
    );
  });
}
