import { expect, test } from 'vitest';
import {
  callIds,
  CANCELLED,
  CONFLICT,
  decide,
  describeOurAgents,
  ENDED,
  PAUSED,
  user,
} from '../agents-of-ours.ts';
import type { Given } from '../observe.ts';

const CANCEL_REASON = 'The user cancelled the request, so the tool call was denied.';
const denial = (reason: string) => `Error: request to call tool denied. User reason: ${reason}`;
const failed = (error: RegExp) => ({
  status: 'failed',
  stop_reason: 'error',
  metadata: { error: expect.stringMatching(error) },
});

/** Writes ids as Python does, for a pattern. */
const listed = (ids: readonly string[]) => RegExp.escape(`'[${ids.map((id) => `'${id}'`).join(', ')}]'`);

export function describeApprovals(given: Given): void {
  describeOurAgents('approvals', given, (ours) => {
    test('an agent shows what waits, its tools and its tags as far as they are included', async () => {
      const { shop, pause, agentOf } = ours();
      const agentId = await shop.makeAgent();
      const { id } = await pause(agentId);
      const tool_rules = [{ tool_name: shop.danger, type: 'requires_approval', prompt_template: null }];
      const always = { agent_type: 'letta_v1_agent', tool_rules, message_buffer_autoclear: false };
      const tools = expect.arrayContaining([expect.objectContaining({ name: shop.danger })]);
      const all = { ...always, pending_approval: null, tags: ['tried'], tools };
      expect(await agentOf(agentId, '')).toMatchObject(all);
      const tool_call = { name: shop.danger, arguments: '{"x":"v0"}' };
      const pending_approval = { id, message_type: 'approval_request_message', otid: id, tool_call };
      const pending = await agentOf(agentId, 'include=agent.pending_approval');
      expect(pending).toMatchObject({ ...always, pending_approval, tools: [], tags: [] });
      const both = await agentOf(agentId, 'include=agent.pending_approval&include=agent.tools');
      expect(both).toMatchObject({ ...always, pending_approval, tools, tags: [] });
    });

    test.each([true, false])(
      'an answer (%s) makes a new run, and the run that paused stays',
      async (approve) => {
        const { shop, pause, behind, send, runOf, itemsOf, typesOf, waitingFor } = ours();
        const agentId = await shop.makeAgent();
        const request = await pause(agentId);
        expect(await behind(agentId, request)).toEqual([]);
        const run = await send(agentId, decide(callIds(request), approve, 'why'));
        expect(run).toMatchObject(ENDED);
        expect(await runOf(request.run_id)).toMatchObject(PAUSED);
        expect(await waitingFor(agentId)).toBe(null);
        expect(await typesOf(request.run_id)).toEqual(['user', 'approval_request']);
        expect(await typesOf(run.id)).toEqual(['approval_response', 'tool_return', 'assistant']);
        const [response, returned] = await itemsOf(run.id);
        const [tool_call_id] = callIds(request);
        const approvals = [{ type: 'approval', tool_call_id, approve, reason: 'why' }];
        expect(response).toMatchObject({ approvals, approve, reason: 'why', otid: null, step_id: null });
        const tool_return = approve ? expect.stringMatching(/^did /) : denial('why');
        const result = { tool_call_id, tool_return, status: approve ? 'success' : 'error' };
        expect(returned).toMatchObject({ ...result, tool_returns: [result], step_id: request.step_id });
        expect(await behind(agentId, request)).toEqual([response]);
      },
    );

    test('an answer needs exactly the calls of the request; else its run fails, and the request waits', async () => {
      const { shop, pause, send, post, itemsOf, waitingFor } = ours();
      const agentId = await shop.makeAgent();
      const request = await pause(agentId, `${shop.danger},${shop.danger}`);
      const [first = '', second = ''] = callIds(request);
      for (const ids of [['x'], [first], [first, first], [first, second, 'x']]) {
        const run = await send(agentId, decide(ids, true));
        const text = `Expected ${listed([first, second])}, but received ${listed(ids)}\\.$`;
        expect(run).toMatchObject(failed(new RegExp(text)));
        expect(await itemsOf(run.id)).toEqual([]);
      }
      expect(await send(agentId, decide([], true))).toMatchObject(
        failed(/does not contain any approvals\.$/),
      );
      const body = { messages: [{ type: 'approval', approvals: [{}] }] };
      expect((await post(`/v1/agents/${agentId}/messages/async`, body)).status).toBe(422);
      expect(await waitingFor(agentId)).toEqual(request);
      expect(await send(agentId, decide([second, first], false))).toMatchObject(ENDED);
    });

    test('a message is refused while something waits, and an answer while nothing does', async () => {
      const { shop, pause, send, waitingFor } = ours();
      const agentId = await shop.makeAgent();
      const nothing = failed(
        /^Cannot process approval response: No tool call is currently awaiting approval\./,
      );
      expect(await send(agentId, decide(['x'], true))).toMatchObject(nothing);
      const request = await pause(agentId);
      expect(await send(agentId, user('hello'))).toMatchObject(failed(CONFLICT));
      expect(await waitingFor(agentId)).toEqual(request);
    });

    test('while an approved tool runs, its request waits, and another answer runs it again; later ones are dropped', async () => {
      const { shop, pause, begin, ended, send, itemsOf, typesOf, waitingFor } = ours();
      const agentId = await shop.makeAgent();
      const request = await pause(agentId);
      const answer = decide(callIds(request), true);
      const ids = [await begin(agentId, answer), await begin(agentId, answer)];
      expect(await waitingFor(agentId)).toEqual(request);
      for (const id of ids) {
        expect(await ended(id)).toMatchObject(ENDED);
        expect(await typesOf(id)).toEqual(['approval_response', 'tool_return', 'assistant']);
      }
      const late = await send(agentId, decide(callIds(request), false));
      expect(late).toMatchObject(ENDED);
      expect(await typesOf(late.id)).toEqual(['user', 'assistant']);
      expect(JSON.stringify(await itemsOf(late.id))).toContain('Automated keep-alive ping.');
    });

    test.each(['waits', 'was answered'])(
      'a cancel of a run that %s denies what the default conversation waits for',
      async (state) => {
        const { shop, pause, behind, send, cancel, runOf, itemsOf, waitingFor } = ours();
        const agentId = await shop.makeAgent();
        const first = await pause(agentId);
        if (state === 'was answered') await send(agentId, decide(callIds(first), false));
        const request = state === 'waits' ? first : await pause(agentId);
        const had = await itemsOf(first.run_id);
        expect((await cancel(agentId, first.run_id)).body).toEqual({ [first.run_id]: 'cancelled' });
        expect(await waitingFor(agentId)).toBe(null);
        expect(await runOf(request.run_id)).toMatchObject(state === 'waits' ? CANCELLED : PAUSED);
        expect(await runOf(first.run_id)).toMatchObject(CANCELLED);
        const [tool_call_id] = callIds(request);
        const approvals = [{ tool_call_id, approve: false, reason: CANCEL_REASON }];
        const tool_return = denial(CANCEL_REASON);
        const items = await itemsOf(first.run_id);
        expect(items).toMatchObject([
          ...had,
          { message_type: 'approval_response_message', approvals },
          { message_type: 'tool_return_message', tool_call_id, tool_return, step_id: request.step_id },
        ]);
        expect(await behind(agentId, request)).toEqual([items[had.length]]);
      },
    );

    test('an older agent asks again, with the same call', async () => {
      const { shop, pause, send, typesOf, waitingFor } = ours();
      const agentId = await shop.makeAgent('memgpt_v2_agent');
      const request = await pause(agentId);
      const run = await send(agentId, decide(callIds(request), true));
      expect(run).toMatchObject(PAUSED);
      expect(await typesOf(run.id)).toEqual(['approval_response', 'approval_request']);
      const again = await waitingFor(agentId);
      expect([again?.run_id, callIds(again)]).toEqual([run.id, callIds(request)]);
    });
  });
}
