import { beforeEach, describe, expect, test } from 'vitest';
import { type Given, tooFew } from '../observe.ts';
import { has, lacks } from '../releases.ts';
import { pathOf, PROFILES, type Query } from '../target.ts';

/** An unknown one, one behind a known one, one in upper case, an empty one, and two joined by a comma. */
const BAD_STATUSES = [['pending'], ['completed', 'pending'], ['COMPLETED'], [''], ['completed,failed']];

const MATCHING_NOTHING: readonly Query[] = [
  { agent_id: 'nobody' },
  { agent_ids: '' },
  { agent_ids: 'agent-1,agent-2' },
  { conversation_id: 'nothing' },
  { conversation_id: '' },
];

/** Queries of which an empty agent id is the one that reads as a filter. */
const CHANGING_NOTHING: readonly Query[] = [
  { nonsense: 'x' },
  { project_id: 'project-1', offset: 3, start_date: '2999-01-01' },
  { 'statuses[]': 'completed', 'statuses[0]': 'nonsense', 'agent_ids[]': 'nobody' },
  { agent_id: '' },
  { before: '', after: '' },
  { active: false, order_by: 'created_at' },
];

export function describeParameters(given: Given): void {
  const ask = (query: Query) => given().client.ask(pathOf('/v1/runs/', query));

  describe('parameters of a list of runs', () => {
    test('limit=1001 is a 422 that says what is allowed', async (context) => {
      context.skip(...lacks(given(), 'a limit up to 1000'));
      const body = PROFILES[given().target.profile].overLimit;
      expect(await ask({ limit: 1001 })).toEqual({ status: 422, body });
    });

    test.each(BAD_STATUSES)('statuses %s %s are a 400 with a text alone', async (...statuses) => {
      const detail = expect.stringContaining('is not a valid RunStatus');
      const sent = statuses.filter((status) => status !== undefined);
      expect(await ask({ statuses: sent })).toEqual({ status: 400, body: { detail } });
      // A 422 comes first.
      expect(await ask({ statuses: sent, limit: 'x' })).toMatchObject({ status: 422 });
    });

    test.each(MATCHING_NOTHING)('%o matches nothing, unless it is not known', async (query) => {
      const isKnown = Object.keys(query).every((name) => has(given(), `runs?${name}`));
      const body = isKnown ? [] : given().heads.desc.rows.slice(0, 100);
      expect(await ask(query)).toEqual({ status: 200, body });
    });

    describe('with some runs', () => {
      beforeEach((context) => context.skip(...tooFew(given())));

      test.each(CHANGING_NOTHING)('%o changes nothing', async (query) => {
        const { client, heads } = given();
        expect(await client.runs({ limit: 5, ...query })).toEqual(heads.desc.rows.slice(0, 5));
      });

      test('the last of a repeated scalar counts', async () => {
        expect(await given().client.runs({ limit: ['4', '2'] })).toHaveLength(2);
      });
    });
  });
}
