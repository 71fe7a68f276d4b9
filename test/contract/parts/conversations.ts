import { expect, test } from 'vitest';
import type { WireItem } from '../../support/run-details.ts';
import {
  callIds,
  CANCELLED,
  CONFLICT,
  decide,
  describeOurAgents,
  ENDED,
  PAUSED,
  type Request,
  user,
} from '../agents-of-ours.ts';
import type { Given } from '../observe.ts';
import { idsOf } from '../target.ts';

export function describeConversations(given: Given): void {
  describeOurAgents('conversations', given, (ours) => {
    const open = async () => {
      const agentId = await ours().shop.makeAgent();
      const id = await ours().shop.makeConversation(agentId);
      return { agentId, id, path: `/v1/conversations/${id}`, ...ours() };
    };

    test('one waits and is answered for itself, also after a cancel, which does not free it', async () => {
      const { agentId, id, path, shop, client, stream, send, runOf, lastIn, waitingFor, cancel } =
        await open();
      const [{ run_id }] = (await stream(id, user(`call=${shop.danger}`))) as [Request];
      const request = await lastIn(id);
      expect(request).toMatchObject({ message_type: 'approval_request_message', run_id });
      expect(await runOf(run_id)).toMatchObject({ ...PAUSED, conversation_id: id });
      expect(await waitingFor(agentId)).toBe(null);
      expect(await send(agentId, decide(callIds(request), false))).toMatchObject({ status: 'failed' });
      const detail = expect.stringMatching(CONFLICT);
      expect(await stream(id, user('hello'))).toContainEqual(expect.objectContaining({ detail }));
      expect((await cancel(agentId, run_id)).body).toEqual({ [run_id]: 'cancelled' });
      expect(await runOf(run_id)).toMatchObject(CANCELLED);
      expect(await lastIn(id)).toEqual(request);
      const [answer] = (await stream(id, decide(callIds(request), true))) as [Request];
      expect(await runOf(answer.run_id)).toMatchObject({ ...ENDED, conversation_id: id });
      const [next] = await client.list<WireItem>(`${path}/messages?after=${request?.id}&order=asc&limit=1`);
      expect(next).toMatchObject({ message_type: 'approval_response_message', run_id: answer.run_id });
    });

    test('a tool of the client pauses alike, and is answered by what it returned', async () => {
      const { id, stream, runOf, itemsOf, lastIn } = await open();
      const client_tools = [{ name: 'browse', parameters: { type: 'object', properties: {} } }];
      await stream(id, { ...user('call=browse'), client_tools });
      const request = await lastIn(id);
      expect(await runOf(request?.run_id ?? '')).toMatchObject(PAUSED);
      const [tool_call_id] = callIds(request);
      const returned = { type: 'tool', tool_call_id, tool_return: 'a page', status: 'success' };
      const [answer] = (await stream(id, { messages: [{ type: 'approval', approvals: [returned] }] })) as [
        Request,
      ];
      const [response, result] = await itemsOf(answer.run_id);
      expect(response).toMatchObject({ approvals: [returned], approve: null, approval_request_id: null });
      expect(result).toMatchObject({ tool_call_id, tool_return: 'a page', status: 'success' });
    });

    test.each(['asc', 'desc'])(
      'cursors mean earlier and later (%s), from the top of the list',
      async (order) => {
        const { agentId, id, path, client, stream } = await open();
        for (const text of ['one', 'two', 'three']) await stream(id, user(text));
        const all = idsOf(await client.list<WireItem>(`${path}/messages?order=asc`));
        const page = async (list: string, query: string) =>
          idsOf(await client.list<WireItem>(`${list}${query}`));
        for (const [end, ids] of [
          ['after', all.slice(-2)],
          ['before', all.slice(0, -3)],
        ] as const) {
          for (const limit of [1, 2]) {
            const query = `${end}=${all.at(-3)}&order=${order}&limit=${limit}`;
            const expected = order === 'asc' ? ids.slice(0, limit) : ids.slice(-limit);
            // The pages of an agent are oldest first in both orders.
            expect(await page(`/v1/agents/${agentId}/messages?conversation_id=${id}&`, query)).toEqual(
              expected,
            );
            expect(await page(`${path}/messages?`, query)).toEqual(
              order === 'asc' ? expected : expected.toReversed(),
            );
          }
        }
        const first = order === 'asc' ? all.slice(0, 1) : all.slice(-1);
        const unknown = `message-${crypto.randomUUID()}`;
        expect(await page(`${path}/messages?`, `after=${unknown}&order=${order}&limit=1`)).toEqual(first);
        const { body } = await client.ask(path);
        expect(body).toMatchObject({
          agent_id: agentId,
          in_context_message_ids: expect.arrayContaining(all),
        });
      },
    );

    test('an unknown one has no messages and is a 404 itself, as is an unknown agent', async () => {
      const { client, post } = ours();
      const path = `/v1/conversations/conv-${crypto.randomUUID()}`;
      expect(await client.list(`${path}/messages`)).toEqual([]);
      const detail = expect.stringContaining("Conversation not found with id='['conv-");
      expect(await client.ask(path)).toEqual({ status: 404, body: { detail } });
      expect(await post(`${path}/messages`, user('hello'))).toEqual({ status: 404, body: { detail } });
      const agent = `/v1/agents/agent-${crypto.randomUUID()}/messages`;
      const unknown = { status: 404, body: { detail: 'Agent not found' } };
      expect(await client.ask(`${agent}?conversation_id=default`)).toEqual(unknown);
      expect(await post(`${agent}/async`, user('hello'))).toEqual(unknown);
    });
  });
}
