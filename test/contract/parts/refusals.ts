import { describe, expect, test } from 'vitest';
import type { Given } from '../observe.ts';
import { databaseError, invalid, lacks } from '../releases.ts';

const INTERNAL = '/v1/_internal_runs/';
const ODD_DATES = 'dates as numbers, and those that are in no calendar';

/** Lists with parameters that each of them refuses, some only since a release; before an id is looked at. */
const REFUSED: readonly (readonly [path: string, queries: string, since?: string])[] = [
  ['/v1/runs/', 'limit=0 limit=-1', 'a limit from 1'],
  ['/v1/runs/', 'limit=1.5 limit=abc limit= order=ASC order=newest order= order_by=duration order_by='],
  ['/v1/runs/', 'stop_reason=bogus stop_reason=END_TURN stop_reason= background=null background='],
  ['/v1/runs/', 'active=maybe active='],
  [INTERNAL, 'limit=0', 'a limit from 1'],
  [INTERNAL, 'limit=1001', 'a limit up to 1000'],
  [INTERNAL, 'order_by=run_ns stop_reason=bogus background='],
  [INTERNAL, 'start_date= start_date=2026-01-01T05:00:00%2002:00', 'internal?start_date'],
  [INTERNAL, 'start_date=2026-02-30 end_date=2026-01-01T24:00:00 end_date=0000-01-01', ODD_DATES],
  ['/v1/runs/nonsense/steps', 'limit=abc limit= limit=1.5 order=ASC order_by=id'],
  ['/v1/runs/nonsense/messages', 'limit=abc order=ASC order_by=id'],
  ['/v1/agents/', 'limit=abc limit= limit=1.5 order=ASC order_by=name'],
  ['/v1/agents/', 'include=tags include=', 'agents?include, checked'],
  ['/v1/agents/', 'show_hidden_agents=maybe', 'agents?show_hidden_agents, checked'],
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

  describe('what is refused', () => {
    test.for(REFUSED)(
      '%s with any of %s is a 422 that names the parameter',
      async ([path, queries, since], context) => {
        context.skip(...lacks(given(), since));
        context.skip(path === INTERNAL && !given().hasInternalRuns, 'this server has no such list');
        for (const query of queries.split(' '))
          expect(await ask(`${path}?${query}`), query).toEqual(invalid(`('query', '${query.split('=')[0]}'`));
      },
    );

    test('a limit of agents below zero is a 500 with a text', async () => {
      expect(await ask('/v1/agents/?limit=-1')).toEqual(databaseError(given()));
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
