import { beforeEach, describe, expect, test } from 'vitest';
import { type Given, tooFew } from '../observe.ts';
import { PROFILES } from '../profiles.ts';
import { has, lacks } from '../releases.ts';
import { idsOf, type Query } from '../target.ts';

/** Parameters with a value that is refused, some only since a release. */
const REFUSED: readonly (readonly [name: string, value: string, since?: string])[] = [
  ['limit', '0', 'a limit from 1'],
  ['limit', '-1', 'a limit from 1'],
  ['limit', '1.5'],
  ['limit', 'abc'],
  ['limit', ''],
  ['order', 'ASC'],
  ['order', 'newest'],
  ['order', ''],
  ['order_by', 'duration'],
  ['order_by', ''],
  ['stop_reason', 'bogus'],
  ['stop_reason', 'END_TURN'],
  ['stop_reason', ''],
  ['background', 'null'],
  ['background', ''],
  ['active', 'maybe'],
  ['active', ''],
  ['ascending', '2'],
];

const BAD_STATUSES: readonly (readonly [why: string, query: Query])[] = [
  ['an unknown status', { statuses: 'pending' }],
  ['an unknown status behind a known one', { statuses: ['completed', 'pending'] }],
  ['a status in upper case', { statuses: 'COMPLETED' }],
  ['an empty status', { statuses: '' }],
  ['statuses joined by a comma', { statuses: 'completed,failed' }],
];

const IGNORED: readonly (readonly [why: string, query: Query])[] = [
  ['a parameter that nobody knows', { nonsense: 'x' }],
  ['a parameter of another route', { project_id: 'project-1', offset: 3, start_date: '2999-01-01' }],
  ['statuses with brackets', { 'statuses[]': 'completed' }],
  ['statuses with an index', { 'statuses[0]': 'nonsense' }],
  ['agent ids with brackets', { 'agent_ids[]': 'nobody' }],
  ['an empty agent id', { agent_id: '' }],
  ['empty cursors', { before: '', after: '' }],
  ['active=false', { active: false }],
  ['ascending=false', { ascending: false }],
  ['the only order_by there is', { order_by: 'created_at' }],
];

const MATCHING_NOTHING: readonly (readonly [why: string, query: Query])[] = [
  ['an unknown agent', { agent_id: 'nobody' }],
  ['an empty one among the agent ids', { agent_ids: '' }],
  ['agent ids joined by a comma', { agent_ids: 'agent-1,agent-2' }],
  ['an unknown conversation', { conversation_id: 'nothing' }],
  ['an empty conversation id, unlike an empty agent id', { conversation_id: '' }],
];

export function describeParameters(given: Given): void {
  describe('parameters of a list', () => {
    test.for(REFUSED)('%s=%s is a 422 with a trace_id and a text', async ([name, value, since], context) => {
      context.skip(...lacks(given(), since));
      const { status, body } = await given().client.ask({ [name]: value });
      const detail = expect.stringContaining(`'loc': ('query', '${name}')`);
      expect({ status, body }).toEqual({ status: 422, body: { trace_id: expect.any(String), detail } });
    });

    test('limit=1001 is a 422 that says what is allowed', async (context) => {
      context.skip(...lacks(given(), 'a limit up to 1000'));
      const { client, target } = given();
      const body = PROFILES[target.profile].overLimit;
      expect(await client.ask({ limit: 1001 })).toEqual({ status: 422, body });
    });

    test.each(BAD_STATUSES)('%s is a 400 with a text alone', async (_, query) => {
      const detail = expect.stringContaining('is not a valid RunStatus');
      expect(await given().client.ask(query)).toEqual({ status: 400, body: { detail } });
    });

    test('a 422 comes before a bad status', async () => {
      expect(await given().client.ask({ statuses: 'pending', limit: 'x' })).toMatchObject({ status: 422 });
    });

    test.each(MATCHING_NOTHING)('%s matches nothing, unless nobody knows the parameter', async (_, query) => {
      const { client, heads } = given();
      const isKnown = Object.keys(query).every((name) => has(given(), `runs?${name}`));
      const body = isKnown ? [] : heads.desc.rows.slice(0, 100);
      expect(await client.ask(query)).toEqual({ status: 200, body });
    });

    describe('with some runs', () => {
      beforeEach((context) => context.skip(...tooFew(given())));

      test.each(IGNORED)('%s changes nothing', async (_, query) => {
        const { client, heads } = given();
        expect(idsOf(await client.list({ limit: 5, ...query }))).toEqual(idsOf(heads.desc.rows.slice(0, 5)));
      });

      test('the last of a repeated scalar counts', async () => {
        expect(await given().client.list({ limit: ['4', '2'] })).toHaveLength(2);
      });
    });
  });
}
