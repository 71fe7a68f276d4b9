import { beforeEach, describe, expect, test } from 'vitest';
import { usual } from '../filters.ts';
import { type Given, tooFew } from '../observe.ts';
import { idsOf, type Query } from '../target.ts';

const ORDERINGS: readonly (readonly [query: Query, order: 'asc' | 'desc'])[] = [
  [{ ascending: true }, 'asc'],
  [{ ascending: true, order: 'desc' }, 'asc'],
  [{ ascending: true, order: 'asc' }, 'asc'],
  [{ ascending: false }, 'desc'],
  [{ ascending: false, order: 'asc' }, 'asc'],
  [{ ascending: false, order: 'desc' }, 'desc'],
];

export function describePrecedence(given: Given): void {
  describe('parameters that beat others', () => {
    beforeEach((context) => context.skip(...tooFew(given())));

    test.each(ORDERINGS)('%o sorts %s', async (query, order) => {
      const { client, heads } = given();
      expect(idsOf(await client.list({ ...query, limit: 5 }))).toEqual(idsOf(heads[order].rows.slice(0, 5)));
    });

    test('statuses beat active', async (context) => {
      const { client, heads } = given();
      const [status] = usual(heads.desc.rows, 'status').filter((name) => !/^(?:created|running)$/.test(name));
      context.skip(status === undefined, 'all runs here are active');
      const expected = heads.desc.rows.filter((row) => row.status === status).slice(0, 20);
      const rows = await client.list({ active: true, statuses: status, limit: expected.length });
      expect(idsOf(rows)).toEqual(idsOf(expected));
    });

    test('agent_id beats agent_ids', async (context) => {
      const { client, heads } = given();
      const [agent_id, other = 'nobody'] = usual(heads.desc.rows, 'agent_id');
      context.skip(other === 'nobody', 'all runs here are of one agent');
      const expected = heads.desc.rows.filter((row) => row.agent_id === agent_id).slice(0, 20);
      for (const agent_ids of [[other], [other, 'nobody'], ['nobody']]) {
        const rows = await client.list({ agent_ids, agent_id, limit: expected.length });
        expect(idsOf(rows)).toEqual(idsOf(expected));
      }
    });
  });
}
