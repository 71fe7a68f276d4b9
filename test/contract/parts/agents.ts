import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AGENT_KEYS, AGENT_TYPES, type WireAgent } from '../../support/agent-fields.ts';
import { STOP_REASONS } from '../../support/run-fields.ts';
import { listAgents, namesAndTags, sortAgents } from '../agents.ts';
import type { Given } from '../observe.ts';
import { databaseError, has, known, lacks } from '../releases.ts';

/** Refused parameters, as a list and a single agent have them. */
const REFUSED: readonly (readonly [name: string, value: string, since?: string])[] = [
  ['limit', 'abc'],
  ['limit', ''],
  ['limit', '1.5'],
  ['order', 'ASC'],
  ['order_by', 'name'],
  ['include', 'tags', 'agents?include, checked'],
  ['include', '', 'agents?include, checked'],
  ['match_all_tags', 'maybe'],
  ['ascending', 'maybe'],
  ['show_hidden_agents', 'maybe'],
  ['last_stop_reason', 'END_TURN'],
];

const IGNORED = [
  'ascending=true',
  'sort_by=name',
  'ids=agent-1',
  'name=',
  'query_text=',
  'project_id=',
  'before=&after=',
  'before=nonsense',
  'after=agent-ffffffff-ffff-4fff-bfff-ffffffffffff',
  'include_relationships=nonsense',
];

const FILTERED_COUNT = 'filters of the number of agents';

const MALFORMED = [
  'nonsense',
  'agent-',
  'agent-123e4567-e89b-12d3-a456-426614174000',
  'agent-FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF',
  'agent-ffffffff-ffff-4fff-bfff-ffffffffffff%0A',
];

export function describeAgents(given: Given): void {
  describe('agents', () => {
    let all: readonly WireAgent[] = [];
    const list = (query: string) => listAgents(given(), query);
    const idsOf = (agents: readonly WireAgent[]) => agents.map(({ id }) => id);
    beforeAll(async () => {
      all = await listAgents(given(), 'limit=0');
    });

    test('every agent has the same keys in the same order, and enum values that are known', () => {
      for (const agent of all) {
        expect(Object.keys(agent)).toEqual(known(given(), 'agent.', AGENT_KEYS));
        expect(AGENT_TYPES).toContain(agent.agent_type);
        expect([...STOP_REASONS, null]).toContain(agent.last_stop_reason ?? null);
        expect(agent.hidden).not.toBe(true);
      }
    });

    test.each(['desc', 'asc'] as const)('a limit keeps the first ones of the list (%s)', async (order) => {
      const sorted = sortAgents(all, 'created_at', order);
      for (const limit of [1, 2, 50]) {
        expect(idsOf(await list(`order=${order}&limit=${limit}`))).toEqual(idsOf(sorted.slice(0, limit)));
      }
      expect(idsOf(await list(`order=${order}`))).toEqual(idsOf(sorted.slice(0, 50)));
    });

    test.for(['created_at', 'updated_at', 'last_run_completion'] as const)(
      'order_by=%s sorts with nulls last, ties by id',
      async (column, context) => {
        context.skip(...lacks(given(), `agents by ${column}`));
        for (const order of ['desc', 'asc'] as const) {
          const sorted = await list(`order_by=${column}&order=${order}&limit=0`);
          expect(idsOf(sorted)).toEqual(idsOf(sortAgents(all, column, order)));
        }
      },
    );

    test.each(['desc', 'asc'] as const)('cursors are as documented (%s)', async (order) => {
      const ids = idsOf(sortAgents(all, 'created_at', order));
      for (const at of [0, 1, Math.floor(ids.length / 2), ids.length - 1]) {
        const after = await list(`order=${order}&after=${ids[at]}&limit=3`);
        expect(idsOf(after)).toEqual(ids.slice(at + 1, at + 4));
        // From the top of the list, not next to the cursor.
        const before = await list(`order=${order}&before=${ids[at]}&limit=3`);
        expect(idsOf(before)).toEqual(ids.slice(0, Math.min(at, 3)));
      }
    });

    test.each(IGNORED)('%s changes nothing', async (query) => {
      expect(idsOf(await list(`${query}&limit=5`))).toEqual(idsOf(all.slice(0, 5)));
    });

    test.for(REFUSED)('%s=%s is a 422 with a trace_id and a text', async ([name, value, since], context) => {
      context.skip(...lacks(given(), since ?? `agents?${name}`));
      const response = await given().client.get(`/v1/agents/?${name}=${value}`);
      expect(response.status).toBe(422);
      expect(await response.json()).toEqual({
        trace_id: expect.any(String),
        detail: expect.stringContaining(`'loc': ('query', '${name}'`),
      });
    });

    test('a limit below zero is a 500 with a text', async () => {
      const response = await given().client.get('/v1/agents/?limit=-1');
      expect(response.status).toBe(500);
      expect(await response.json()).toEqual({ detail: databaseError(given()) });
    });

    test('name, query_text, tags and last_stop_reason are filters', async () => {
      for (const { name, tags, last_stop_reason: reason } of all.slice(0, 5)) {
        const asks = async (query: Record<string, string | readonly string[]>) => {
          const pairs = Object.entries(query).flatMap(([key, values]) =>
            [values].flat().map((value) => [key, value]),
          );
          return idsOf(await list(`limit=0&${new URLSearchParams(pairs)}`));
        };
        const where = (matches: (agent: WireAgent) => boolean) => idsOf(all.filter(matches));
        expect(await asks({ name })).toEqual(where((agent) => agent.name === name));
        expect(await asks({ name: `${name} ` })).toEqual([]);
        const part = name.slice(0, 3).toUpperCase();
        // In it, % and _ are wildcards.
        expect(await asks({ query_text: part.replaceAll(/[%_\\]/g, String.raw`\$&`) })).toEqual(
          where((agent) => agent.name.toUpperCase().includes(part)),
        );
        expect(await asks({ query_text: `${name.slice(0, 1)}%${name.slice(1)}` })).not.toEqual([]);
        if (tags.length > 0) {
          const some = (agent: WireAgent) => tags.some((tag) => agent.tags.includes(tag));
          const every = (agent: WireAgent) => tags.every((tag) => agent.tags.includes(tag));
          expect(await asks({ tags: [...tags, 'nobody has this'] })).toEqual(where(some));
          expect(await asks({ tags, match_all_tags: 'true' })).toEqual(where(every));
        }
        if (reason === null || !has(given(), 'agents?last_stop_reason')) continue;
        expect(await asks({ last_stop_reason: reason })).toEqual(
          where((agent) => agent.last_stop_reason === reason),
        );
      }
    });

    test('hidden agents are left out, but for show_hidden_agents=true and their own address', async () => {
      const shown = new Set(idsOf(all));
      const withHidden = await list('limit=0&show_hidden_agents=true');
      const hidden = withHidden.filter(({ id }) => !shown.has(id));
      expect(withHidden.length).toBe(all.length + hidden.length);
      for (const agent of hidden) {
        expect(agent.hidden).toBe(true);
        expect((await given().client.get(`/v1/agents/${agent.id}`)).status).toBe(200);
      }
    });

    describe('their number', () => {
      beforeEach((context) => context.skip(...lacks(given(), 'the number of agents')));
      const count = async (query: string): Promise<number> => {
        const response = await given().client.get(`/v1/agents/count?${query}`);
        expect(response.status, query).toBe(200);
        return Number(await response.text());
      };

      test('is that of the list, with hidden ones only if they are asked for', async () => {
        expect(await count('')).toBe(all.length);
        const withHidden = await list('limit=0&show_hidden_agents=true');
        expect(await count('show_hidden_agents=true')).toBe(withHidden.length);
      });

      test('has the filters of the list', async (context) => {
        context.skip(...lacks(given(), FILTERED_COUNT));
        for (const { name, tags, agent_type: type } of all.slice(0, 3)) {
          for (const query of [
            { name },
            { query_text: name.slice(0, 3) },
            { query_text: '%' },
            { tags: tags[0] ?? type },
            { tags: tags[0] ?? type, match_all_tags: 'true', show_hidden_agents: 'true' },
          ]) {
            const text = new URLSearchParams(Object.entries(query)).toString();
            expect(await count(text), text).toBe((await list(`${text}&limit=0`)).length);
          }
        }
        for (const query of ['name=', 'template_id=', 'tags=', 'project_id=nobody', 'identity_id=nobody']) {
          expect(await count(query), query).toBe((await list(`${query}&limit=0`)).length);
        }
      });

      test('has no page and no order', async () => {
        expect(await count('limit=x&order=x&order_by=x&include=x&after=x')).toBe(all.length);
      });

      test.for(['match_all_tags', 'show_hidden_agents', 'last_stop_reason'])(
        'is a 422 for a %s that makes no sense',
        async (name, context) => {
          context.skip(...lacks(given(), FILTERED_COUNT));
          const response = await given().client.get(`/v1/agents/count?${name}=maybe`);
          expect(response.status).toBe(422);
          expect(await response.json()).toEqual({
            trace_id: expect.any(String),
            detail: expect.stringContaining(`'loc': ('query', '${name}'`),
          });
        },
      );
    });

    test('one agent is the row of the list', async () => {
      for (const agent of all.slice(0, 5)) {
        const response = await given().client.get(`/v1/agents/${agent.id}`);
        expect(response.status).toBe(200);
        expect(namesAndTags(await response.json())).toEqual(namesAndTags(agent));
      }
    });

    test('include leaves the keys as they are, and sends only the relations that it names', async () => {
      const tagged = all.find(({ tags }) => tags.length > 0) ?? all[0];
      const get = async (query: string, headers: Record<string, string> = {}): Promise<WireAgent> => {
        const credentials = given().target.apiKey;
        const response = await given().client.get(`/v1/agents/${tagged?.id}${query}`, {
          headers: { ...(credentials && { authorization: `Bearer ${credentials}` }), ...headers },
        });
        return response.json();
      };
      const version1 = { 'x-stainless-package-version': '1.0.0' };
      const relationships = has(given(), 'agents?include_relationships');
      for (const [query, headers, tags] of [
        ['?include=agent.tags', {}, tagged?.tags],
        ['?include=agent.tags', version1, tagged?.tags],
        ['?include=agent.tools', {}, []],
        ...(relationships ? [['?include_relationships=tags', {}, tagged?.tags] as const] : []),
        ['', version1, []],
      ] as const) {
        const agent = await get(query, headers);
        expect(Object.keys(agent)).toEqual(known(given(), 'agent.', AGENT_KEYS));
        expect(agent.tags.toSorted(), `${query} ${JSON.stringify(headers)}`).toEqual(tags?.toSorted());
      }
    });

    test.each(MALFORMED)('%s is a 422 with an example', async (id) => {
      const response = await given().client.get(`/v1/agents/${id}`);
      expect(response.status).toBe(422);
      expect(await response.json()).toEqual({
        trace_id: expect.any(String),
        detail: expect.stringContaining("'loc': ('path', 'agent_id')"),
        examples: ['agent-123e4567-e89b-42d3-8456-426614174000'],
      });
    });

    test('an id that nobody has is a 404 that names it', async () => {
      const id = `agent-${crypto.randomUUID()}`;
      const response = await given().client.get(`/v1/agents/${id}?include=agent.tags`);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ detail: `Agent with ID ${id} not found` });
    });

    test('the agents of runs exist', async (context) => {
      const ids = [...new Set(given().heads.desc.rows.map(({ agent_id }) => agent_id))].slice(0, 5);
      context.skip(ids.length === 0, 'there are no runs');
      for (const id of ids) expect((await given().client.get(`/v1/agents/${id}`)).status).toBe(200);
    });
  });
}
