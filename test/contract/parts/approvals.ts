import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WireItem } from '../../support/run-details.ts';
import type { WireRun } from '../../support/run-fields.ts';
import type { Given } from '../observe.ts';
import { lacks } from '../releases.ts';
import { createRunsClient, idsOf, type RunsClient } from '../target.ts';
import type { Workshop } from '../workshop.ts';

const PAUSED = { status: 'completed', stop_reason: 'requires_approval' };
const ENDED = { status: 'completed', stop_reason: 'end_turn' };
const REFUSED = { status: 'failed', stop_reason: 'error' };
const CANCELLED = { status: 'cancelled', stop_reason: 'cancelled' };

const NOTHING_WAITS = /^Cannot process approval response: No tool call is currently awaiting approval\./;
const CONFLICT = /^CONFLICT: Cannot send a new message: The agent is waiting for approval on a tool call\./;
const CANCEL_REASON = 'The user cancelled the request, so the tool call was denied.';
const denial = (reason: string) => `Error: request to call tool denied. User reason: ${reason}`;

/** More than tools of a real server take. */
const TIMEOUT_MS = 60_000;

interface Request extends WireItem {
  readonly id: string;
  readonly run_id: string;
  readonly tool_calls: readonly { readonly name: string; readonly tool_call_id: string }[];
}

interface AgentWithRequest {
  readonly pending_approval: Request | null;
  readonly tools: readonly { readonly name: string }[];
  readonly tags: readonly string[];
}

/** Makes agents and runs, which a real server is asked for only by flag. */
export function describeApprovals(given: Given): void {
  describe('approvals', { timeout: TIMEOUT_MS }, () => {
    let client: RunsClient;
    let shop: Workshop;
    beforeAll(async () => {
      const { target } = given();
      if (target.openWorkshop === undefined) return;
      client = createRunsClient(target, target.profile === 'cloud' ? given().dialect : undefined);
      shop = await target.openWorkshop();
    }, TIMEOUT_MS);
    afterAll(async () => shop?.[Symbol.asyncDispose](), TIMEOUT_MS);
    beforeEach((context) => context.skip(...lacks(given(), 'approvals')));

    const post = (path: string, body: object) => client.ask(path, JSON.stringify(body));
    const user = (content: string) => ({ messages: [{ role: 'user', content }] });
    const decide = (ids: readonly string[], approve: boolean, reason?: string) => ({
      messages: [
        {
          type: 'approval',
          approvals: ids.map((tool_call_id) => ({ type: 'approval', tool_call_id, approve, reason })),
        },
      ],
    });
    const callIds = (request: Request | null) => request?.tool_calls.map((call) => call.tool_call_id) ?? [];
    const agentOf = async (id: string, include = 'agent.pending_approval') =>
      (await client.ask(`/v1/agents/${id}?include=${include}`)).body as AgentWithRequest;
    const waitingIn = async (agentId: string) => (await agentOf(agentId)).pending_approval;
    const lastIn = async (conversationId: string) => {
      const [last] = await client.list<Request>(`/v1/conversations/${conversationId}/messages?limit=1`);
      return last ?? null;
    };
    const runOf = async (id: string) => (await client.ask(`/v1/runs/${id}`)).body as WireRun;
    const itemsOf = (runId: string) => client.list<WireItem>(`/v1/runs/${runId}/messages?order=asc`);
    const typesOf = async (runId: string) =>
      (await itemsOf(runId)).map(({ message_type }) => message_type.replace('_message', ''));
    /** Waits until a run has ended. */
    const ended = async (id: string): Promise<WireRun> => {
      for (;;) {
        const run = await runOf(id);
        if (run.status !== 'created' && run.status !== 'running') return run;
        await shop.pass();
      }
    };
    const begin = async (agentId: string, body: object): Promise<string> => {
      const { status, body: run } = await post(`/v1/agents/${agentId}/messages/async`, body);
      expect([status, run]).toEqual([200, expect.objectContaining({ agent_id: agentId, status: 'created' })]);
      return (run as WireRun).id;
    };
    const send = async (agentId: string, body: object) => ended(await begin(agentId, body));
    const pause = async (agentId: string, calls = shop.danger) => {
      expect(await send(agentId, user(`call=${calls}`))).toMatchObject(PAUSED);
      return (await waitingIn(agentId)) as Request;
    };
    /** Sends to a conversation, and reads the events of the answer. */
    const stream = async (conversationId: string, body: object): Promise<readonly Request[]> => {
      const headers = { 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      const response = await client.get(`/v1/conversations/${conversationId}/messages`, init);
      expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
      const events = (await response.text())
        .split('\n\n')
        .map((event) => /^data: (\{.*\})$/m.exec(event)?.[1]);
      return events.filter((event) => event !== undefined).map((event) => JSON.parse(event));
    };
    const pauseIn = async (conversationId: string) => {
      const [ping] = await stream(conversationId, user(`call=${shop.danger}`));
      await ended(ping?.run_id ?? '');
      return (await lastIn(conversationId)) as Request;
    };
    const cancel = (agentId: string, run_ids: readonly string[]) =>
      post(`/v1/agents/${agentId}/messages/cancel`, { run_ids });

    test('an agent shows what waits, its tools and its tags as far as they are included', async () => {
      const agentId = await shop.makeAgent();
      const request = await pause(agentId);
      const rules = [{ tool_name: shop.danger, type: 'requires_approval', prompt_template: null }];
      const shown = { agent_type: 'letta_v1_agent', tool_rules: rules, message_buffer_autoclear: false };
      const { body } = await client.ask(`/v1/agents/${agentId}`);
      expect(body).toMatchObject({ ...shown, pending_approval: null, tags: ['tried'] });
      expect((body as AgentWithRequest).tools).toHaveLength(2);
      const included = await agentOf(agentId);
      expect(included).toMatchObject({ ...shown, tools: [], tags: [] });
      expect(included.pending_approval).toMatchObject({
        id: request.id,
        message_type: 'approval_request_message',
        tool_call: { name: shop.danger, arguments: '{"x":"v0"}' },
      });
      const { tools } = await agentOf(agentId, 'agent.pending_approval&include=agent.tools');
      expect(tools).toContainEqual(
        expect.objectContaining({ name: shop.danger, id: expect.stringMatching(/^tool-/) }),
      );
    });

    test.each([true, false])(
      'an answer (approve: %s) makes a new run, and the one that paused stays',
      async (approve) => {
        const agentId = await shop.makeAgent();
        const request = await pause(agentId);
        expect(
          await client.list(
            `/v1/agents/${agentId}/messages?conversation_id=default&after=${request.id}&order=asc`,
          ),
        ).toEqual([]);
        const run = await send(agentId, decide(callIds(request), approve, 'why'));
        expect(run).toMatchObject(ENDED);
        expect(await runOf(request.run_id)).toMatchObject(PAUSED);
        expect(await waitingIn(agentId)).toBe(null);
        expect(await typesOf(request.run_id)).toEqual(['user', 'approval_request']);
        expect(await typesOf(run.id)).toEqual(['approval_response', 'tool_return', 'assistant']);
        const [response, returned] = await itemsOf(run.id);
        const [tool_call_id] = callIds(request);
        const decision = { type: 'approval', tool_call_id, approve, reason: 'why' };
        expect(response).toMatchObject({
          approvals: [decision],
          approve,
          reason: 'why',
          otid: null,
          step_id: null,
        });
        const text = approve ? expect.stringMatching(/^did /) : denial('why');
        const result = { tool_call_id, tool_return: text, status: approve ? 'success' : 'error' };
        expect(returned).toMatchObject({ ...result, tool_returns: [result], step_id: request.step_id });
        const after = `/v1/agents/${agentId}/messages?conversation_id=default&after=${request.id}&order=asc&limit=1`;
        expect(await client.list(after)).toEqual([response]);
      },
    );

    test('an answer needs exactly the calls of the request; else its run fails, and the request still waits', async () => {
      const agentId = await shop.makeAgent();
      const request = await pause(agentId, `${shop.danger},${shop.danger}`);
      const [first = '', second = ''] = callIds(request);
      for (const ids of [['x'], [first], [first, first], [first, second, 'x']]) {
        const run = await send(agentId, decide(ids, true));
        const list = (all: readonly string[]) => `[${all.map((id) => `'${id}'`).join(', ')}]`;
        const error = `Invalid tool call IDs. Expected '${list([first, second])}', but received '${list(ids)}'.`;
        expect(run).toMatchObject({ ...REFUSED, metadata: { error } });
        expect(await itemsOf(run.id)).toEqual([]);
      }
      const empty = await send(agentId, decide([], true));
      expect(String(empty.metadata?.['error'])).toMatch(/does not contain any approvals\.$/);
      expect(
        (
          await post(`/v1/agents/${agentId}/messages/async`, {
            messages: [{ type: 'approval', approvals: [{}] }],
          })
        ).status,
      ).toBe(422);
      expect(await waitingIn(agentId)).toEqual(request);
      expect(await send(agentId, decide([second, first], false))).toMatchObject(ENDED);
    });

    test('a message is refused while something waits, and an answer while nothing does', async () => {
      const agentId = await shop.makeAgent();
      const failed = (error: RegExp) => ({ ...REFUSED, metadata: { error: expect.stringMatching(error) } });
      expect(await send(agentId, decide(['x'], true))).toMatchObject(failed(NOTHING_WAITS));
      const request = await pause(agentId);
      expect(await send(agentId, user('hello'))).toMatchObject(failed(CONFLICT));
      expect(await waitingIn(agentId)).toEqual(request);
    });

    test('while an approved tool runs, its request waits, and another answer runs it again; later ones are dropped', async () => {
      const agentId = await shop.makeAgent();
      const request = await pause(agentId);
      const ids = [
        await begin(agentId, decide(callIds(request), true)),
        await begin(agentId, decide(callIds(request), true)),
      ];
      expect(await waitingIn(agentId)).toEqual(request);
      for (const id of ids) {
        expect(await ended(id)).toMatchObject(ENDED);
        expect(await typesOf(id)).toEqual(['approval_response', 'tool_return', 'assistant']);
      }
      const late = await send(agentId, decide(callIds(request), false));
      expect(late).toMatchObject(ENDED);
      expect(await typesOf(late.id)).toEqual(['user', 'assistant']);
      expect(JSON.stringify(await itemsOf(late.id))).toContain('Automated keep-alive ping.');
    });

    test('a tool of the client pauses alike, and is answered by what it returned', async () => {
      const conversationId = await shop.makeConversation(await shop.makeAgent());
      const client_tools = [{ name: 'browse', parameters: { type: 'object', properties: {} } }];
      await stream(conversationId, { ...user('call=browse'), client_tools });
      const request = await lastIn(conversationId);
      expect(await runOf(request?.run_id ?? '')).toMatchObject(PAUSED);
      const [tool_call_id] = callIds(request);
      const returned = { type: 'tool', tool_call_id, tool_return: 'a page', status: 'success' };
      const [ping] = await stream(conversationId, {
        messages: [{ type: 'approval', approvals: [returned] }],
      });
      const [response, result] = await itemsOf(ping?.run_id ?? '');
      expect(response).toMatchObject({ approvals: [returned], approve: null, approval_request_id: null });
      expect(result).toMatchObject({ tool_call_id, tool_return: 'a page', status: 'success' });
    });

    test('a conversation waits and is answered for itself, also after a cancel, which does not free it', async () => {
      const agentId = await shop.makeAgent();
      const conversationId = await shop.makeConversation(agentId);
      const request = await pauseIn(conversationId);
      expect(request).toMatchObject({ message_type: 'approval_request_message' });
      expect(await runOf(request.run_id)).toMatchObject({ ...PAUSED, conversation_id: conversationId });
      expect(await waitingIn(agentId)).toBe(null);
      expect(await send(agentId, decide(callIds(request), false))).toMatchObject(REFUSED);
      const [refusal, ...events] = await stream(conversationId, user('hello'));
      expect(refusal).toMatchObject({ message_type: 'ping', run_id: expect.stringMatching(/^run-/) });
      expect(events).toContainEqual(expect.objectContaining({ detail: expect.stringMatching(CONFLICT) }));
      expect((await cancel(agentId, [request.run_id])).body).toEqual({ [request.run_id]: 'cancelled' });
      expect(await runOf(request.run_id)).toMatchObject(CANCELLED);
      expect(await lastIn(conversationId)).toEqual(request);
      const [ping] = await stream(conversationId, decide(callIds(request), true));
      expect(await ended(ping?.run_id ?? '')).toMatchObject({ ...ENDED, conversation_id: conversationId });
      const [next] = await client.list<WireItem>(
        `/v1/conversations/${conversationId}/messages?after=${request.id}&order=asc&limit=1`,
      );
      expect(next).toMatchObject({ message_type: 'approval_response_message', run_id: ping?.run_id });
    });

    test.each([undefined, 'answered'])(
      'a cancel denies what the default conversation waits for, whichever run it is for (%s)',
      async (other) => {
        const agentId = await shop.makeAgent();
        const first = await pause(agentId);
        if (other !== undefined) await send(agentId, decide(callIds(first), false));
        const request = other === undefined ? first : await pause(agentId);
        const had = await itemsOf(first.run_id);
        expect((await cancel(agentId, [first.run_id])).body).toEqual({ [first.run_id]: 'cancelled' });
        expect(await waitingIn(agentId)).toBe(null);
        expect(await runOf(first.run_id)).toMatchObject(CANCELLED);
        if (other !== undefined) expect(await runOf(request.run_id)).toMatchObject(PAUSED);
        const items = await itemsOf(first.run_id);
        expect(items.slice(0, had.length)).toEqual(had);
        const [tool_call_id] = callIds(request);
        expect(items.slice(had.length)).toMatchObject([
          {
            message_type: 'approval_response_message',
            approvals: [{ tool_call_id, approve: false, reason: CANCEL_REASON }],
          },
          {
            message_type: 'tool_return_message',
            tool_call_id,
            tool_return: denial(CANCEL_REASON),
            step_id: request.step_id,
          },
        ]);
        const after = `/v1/agents/${agentId}/messages?conversation_id=default&after=${request.id}&order=asc&limit=1`;
        expect(await client.list(after)).toEqual([items[had.length]]);
      },
    );

    test('an older agent asks again, with the same call', async () => {
      const agentId = await shop.makeAgent('memgpt_v2_agent');
      const request = await pause(agentId);
      const run = await send(agentId, decide(callIds(request), true));
      expect(run).toMatchObject(PAUSED);
      expect(await typesOf(run.id)).toEqual(['approval_response', 'approval_request']);
      const again = await waitingIn(agentId);
      expect([again?.run_id, callIds(again)]).toEqual([run.id, callIds(request)]);
    });

    test('lists of a conversation take cursors that mean earlier and later, from the top of the list', async () => {
      const agentId = await shop.makeAgent();
      const conversationId = await shop.makeConversation(agentId);
      for (const text of ['one', 'two', 'three']) await stream(conversationId, user(text));
      const list = `/v1/conversations/${conversationId}/messages`;
      const all = idsOf(await client.list<WireItem>(`${list}?order=asc`));
      const cursor = all.at(-3) ?? '';
      const [earlier, later] = [all.slice(0, -3), all.slice(-2)];
      const mixed = `/v1/agents/${agentId}/messages`;
      const page = async (path: string, query: string) =>
        idsOf(await client.list<WireItem>(`${path}?${query}`));
      for (const limit of [1, 2]) {
        const last = earlier.slice(-limit);
        const expected = {
          'after asc': later.slice(0, limit),
          'after desc': later.slice(-limit),
          'before asc': earlier.slice(0, limit),
          'before desc': last,
        };
        for (const [name, ids] of Object.entries(expected)) {
          const [end, order] = name.split(' ');
          const query = `${end}=${cursor}&order=${order}&limit=${limit}`;
          expect(await page(list, query), name).toEqual(order === 'asc' ? ids : ids.toReversed());
          expect(await page(mixed, `conversation_id=${conversationId}&${query}`), name).toEqual(ids);
        }
      }
      expect(await page(list, `limit=1`)).toEqual(all.slice(-1));
      const unknown = `message-${crypto.randomUUID()}`;
      expect(await page(list, `after=${unknown}&order=asc&limit=1`)).toEqual(all.slice(0, 1));
      const { status, body } = await client.ask(`/v1/conversations/${conversationId}`);
      expect([status, body]).toMatchObject([
        200,
        { agent_id: agentId, in_context_message_ids: expect.arrayContaining(all) },
      ]);
    });

    test('an unknown conversation has no messages and is a 404 itself, as is an unknown agent', async () => {
      const id = `conv-${crypto.randomUUID()}`;
      expect(await client.list(`/v1/conversations/${id}/messages`)).toEqual([]);
      const missing = {
        status: 404,
        body: { detail: expect.stringContaining(`Conversation not found with id='['${id}']'`) },
      };
      expect(await client.ask(`/v1/conversations/${id}`)).toEqual(missing);
      expect(await post(`/v1/conversations/${id}/messages`, user('hello'))).toEqual(missing);
      const agent = `/v1/agents/agent-${crypto.randomUUID()}/messages`;
      const unknown = { status: 404, body: { detail: 'Agent not found' } };
      expect(await client.ask(`${agent}?conversation_id=default`)).toEqual(unknown);
      expect(await post(`${agent}/async`, user('hello'))).toEqual(unknown);
    });
  });
}
