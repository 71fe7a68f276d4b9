import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { describeOurAgents, user } from '../agents-of-ours.ts';
import type { Given } from '../observe.ts';
import { lacks } from '../releases.ts';
import { idsOf } from '../target.ts';

const SUMMARIES = ['a_b%', 'aXb%', String.raw`back\slash`, 'Äpfel', undefined, undefined] as const;

interface WireConversation {
  readonly id: string;
  readonly created_at: string;
  readonly summary: string | null;
  readonly last_message_at: string | null;
}

export function describeConversationList(given: Given): void {
  describeOurAgents('the list of conversations', given, (ours) => {
    let agentId = '';
    /** Oldest first; something was sent to the last two. */
    let made: readonly string[] = [];
    let deleted = '';
    const list = (query: string) =>
      ours().client.list<WireConversation>(`/v1/conversations/?agent_id=${agentId}&${query}`);
    const ids = async (query: string) => idsOf(await list(query));
    beforeAll(async () => {
      const [isLacking] = lacks(given(), 'approvals');
      if (isLacking) return;
      const { shop, stream } = ours();
      agentId = await shop.makeAgent();
      const all: string[] = [];
      for (const summary of SUMMARIES) all.push(await shop.makeConversation(agentId, summary));
      for (const id of all.slice(-2)) {
        await stream(id, user('hello'));
        // Two in one millisecond would have no order.
        await setTimeout(2);
      }
      [deleted = ''] = all.splice(2, 1);
      await shop.deleteConversation(deleted);
      made = all;
    });

    test('has the keys that are read, by time of creation, without deleted ones', async () => {
      const rows = await list('order=asc');
      expect(idsOf(rows)).toEqual(made);
      expect(await ids('')).toEqual(made.toReversed());
      const [{ created_at }] = rows as [WireConversation];
      const row = { id: made[0], agent_id: agentId, summary: 'a_b%', created_at, last_message_at: null };
      expect(rows[0]).toMatchObject({ ...row, in_context_message_ids: [] });
      expect((await ours().client.ask(`/v1/conversations/${made[0]}`)).body).toMatchObject(row);
      expect((await ours().client.ask(`/v1/conversations/${deleted}`)).status).toBe(404);
    });

    test('goes on behind a cursor in either order, a deleted one as well; `before` is ignored', async () => {
      for (const [order, all] of [
        ['asc', made],
        ['desc', made.toReversed()],
      ] as const) {
        expect(await ids(`order=${order}&after=${all[1]}&limit=2`)).toEqual(all.slice(2, 4));
        const at = order === 'asc' ? 2 : 3;
        expect(await ids(`order=${order}&after=${deleted}`)).toEqual(all.slice(at));
        expect(await ids(`order=${order}&before=${all[1]}&after=`)).toEqual(all);
      }
    });

    test('refuses an unknown cursor, and has no rows for the limit 0 and for an unknown agent', async () => {
      for (const cursor of [`conv-${crypto.randomUUID()}`, 'nonsense']) {
        const detail = expect.stringContaining(`Conversation not found with id='['${cursor}']'`);
        const answer = await ours().client.ask(`/v1/conversations/?after=${cursor}`);
        expect(answer).toEqual({ status: 404, body: { detail } });
      }
      expect(await ids('limit=0')).toEqual([]);
      expect(await ours().client.list('/v1/conversations/?agent_id=nonsense')).toEqual([]);
      expect((await ours().client.ask('/v1/conversations/?limit=-1')).status).toBe(500);
    });

    test.each([
      ['a_b', [0, 1]],
      [String.raw`a\_b`, [0]],
      ['%', [0, 1, 2]],
      [String.raw`\%`, [0, 1]],
      ['äpf', []],
      ['Äpf', [2]],
    ])('finds %s in summaries as a pattern, by case', async (text, found) => {
      const expected = found.map((at) => made[at]);
      expect(await ids(`order=asc&summary_search=${encodeURIComponent(text)}`)).toEqual(expected);
    });

    test('by last message, nulls are last in both orders, but `after` is right only from the newest on', async () => {
      const [sent, others] = [made.slice(-2), made.slice(0, -2)];
      const nulls = others.toSorted();
      const by = (order: string, after = '') => ids(`order_by=last_message_at&order=${order}&after=${after}`);
      const newestFirst = [...sent.toReversed(), ...nulls.toReversed()];
      expect(await by('desc')).toEqual(newestFirst);
      for (const [at, id] of newestFirst.entries())
        expect(await by('desc', id)).toEqual(newestFirst.slice(at + 1));
      expect(await by('asc')).toEqual([...sent, ...nulls]);
      expect(await by('asc', sent[0])).toEqual(sent.slice(1));
      expect(await by('asc', nulls[0])).toEqual([...sent, ...nulls.slice(1)]);
    });
  });
}
