import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import type { WireItem } from '../support/run-details.ts';
import type { WireRun } from '../support/run-fields.ts';
import type { Given } from './observe.ts';
import { lacks } from './releases.ts';
import { createRunsClient, type RunsClient } from './target.ts';
import type { Workshop } from './workshop.ts';

export const PAUSED = { status: 'completed', stop_reason: 'requires_approval' };
export const ENDED = { status: 'completed', stop_reason: 'end_turn' };
export const CANCELLED = { status: 'cancelled', stop_reason: 'cancelled' };
export const CONFLICT = /^CONFLICT: Cannot send a new message: The agent is waiting for approval/;

/** More than tools of a real server take. */
const TIMEOUT_MS = 180_000;

/** An approval request; the first event of a stream has its `run_id`, too. */
export interface Request extends WireItem {
  readonly id: string;
  readonly run_id: string;
  readonly tool_calls: readonly { readonly tool_call_id: string }[];
}

export const user = (content: string) => ({ messages: [{ role: 'user', content }] });

/** An answer with one decision for all calls. */
export function decide(ids: readonly string[], approve: boolean, reason?: string) {
  const approvals = ids.map((tool_call_id) => ({ type: 'approval', tool_call_id, approve, reason }));
  return { messages: [{ type: 'approval', approvals }] };
}

export function callIds(request: Request | null | undefined): string[] {
  return request?.tool_calls.map((call) => call.tool_call_id) ?? [];
}

type OurAgents = ReturnType<typeof createVerbs>;

/** Describes what is tried on agents that are made for it; on a real server only by flag. */
export function describeOurAgents(
  name: string,
  given: Given,
  describeTests: (ours: () => OurAgents) => void,
): void {
  describe(name, { timeout: TIMEOUT_MS }, () => {
    let shop: Workshop | undefined;
    let verbs: OurAgents | undefined;
    beforeAll(async () => {
      const { target, dialect } = given();
      shop = await target.openWorkshop?.();
      const client = createRunsClient(target, target.profile === 'cloud' ? dialect : undefined);
      verbs = shop && createVerbs(client, shop);
    }, TIMEOUT_MS);
    afterAll(async () => shop?.[Symbol.asyncDispose](), TIMEOUT_MS);
    beforeEach((context) => context.skip(...lacks(given(), 'approvals')));
    describeTests(() => {
      if (verbs === undefined) throw new Error('expected a server that agents may be made on');
      return verbs;
    });
  });
}

/** What is done to agents and conversations. */
function createVerbs(client: RunsClient, shop: Workshop) {
  const post = (path: string, body: object) => client.ask(path, JSON.stringify(body));
  const runOf = async (id: string) => (await client.ask(`/v1/runs/${id}`)).body as WireRun;
  const itemsOf = (runId: string) => client.list<WireItem>(`/v1/runs/${runId}/messages?order=asc`);
  const agentOf = async (id: string, query: string) =>
    (await client.ask(`/v1/agents/${id}?${query}`)).body as { readonly pending_approval: Request | null };
  const waitingFor = async (agentId: string) =>
    (await agentOf(agentId, 'include=agent.pending_approval')).pending_approval;
  const inDefault = (agentId: string) => `/v1/agents/${agentId}/messages?conversation_id=default`;
  const ended = async (id: string): Promise<WireRun> => {
    for (;;) {
      const run = await runOf(id);
      if (run.status !== 'created' && run.status !== 'running') return run;
      await shop.pass();
    }
  };
  /** Sends to the default conversation of an agent. */
  const begin = async (agentId: string, body: object): Promise<string> => {
    const { status, body: run } = await post(`/v1/agents/${agentId}/messages/async`, body);
    expect([status, run]).toMatchObject([200, { agent_id: agentId, status: 'created' }]);
    return (run as WireRun).id;
  };
  const send = async (agentId: string, body: object) => ended(await begin(agentId, body));
  /** Sends to a conversation, and reads the events of the stream. */
  const stream = async (conversationId: string, body: object): Promise<readonly Request[]> => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await client.get(`/v1/conversations/${conversationId}/messages`, init);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const events = [...(await response.text()).matchAll(/^data: (\{.*\})$/gm)].map(([, json = '']) =>
      JSON.parse(json),
    );
    expect(events[0]).toMatchObject({ message_type: 'ping', run_id: expect.stringMatching(/^run-/) });
    await ended(events[0].run_id);
    return events;
  };
  const verbs = { client, shop, post, runOf, itemsOf, agentOf, waitingFor, ended, begin, send, stream };
  return {
    ...verbs,
    typesOf: async (runId: string) =>
      (await itemsOf(runId)).map(({ message_type }) => message_type.replace('_message', '')),
    /** Lets an agent pause. */
    pause: async (agentId: string, calls = shop.danger) => {
      expect(await send(agentId, user(`call=${calls}`))).toMatchObject(PAUSED);
      return (await waitingFor(agentId)) as Request;
    },
    lastIn: async (conversationId: string) =>
      (await client.list<Request>(`/v1/conversations/${conversationId}/messages?limit=1`))[0],
    /** What follows a message in the default conversation. */
    behind: (agentId: string, { id }: Request) =>
      client.list<WireItem>(`${inDefault(agentId)}&after=${id}&order=asc&limit=1`),
    cancel: (agentId: string, id: string) => post(`/v1/agents/${agentId}/messages/cancel`, { run_ids: [id] }),
  };
}
