import { it as base } from 'vitest';
import { createApi } from '../../../embedded-api/routes/api.ts';
import type { GatewayOptions } from '../../../src/gateway-options.ts';
import { clockOfDistinctTimes, embeddedWorkshop } from '../../contract/workshop.ts';
import type { Headers } from '../../support/execute.ts';
import { openGateway } from '../../support/open-gateway.ts';

interface Pause {
  readonly state: string;
  readonly reason: string | null;
  readonly requestedAt: string | null;
  readonly toolCalls: readonly {
    readonly toolCallId: string;
    readonly name: string;
    readonly asks: string;
  }[];
  readonly decisions: readonly { readonly approve: boolean; readonly reason: string | null }[];
  readonly answeredBy: { readonly id: string } | null;
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly pendingToolCallIds: readonly string[];
}

export interface AnswerPayload {
  readonly run: { readonly id: string; readonly status: string } | null;
  readonly isProven: boolean;
  readonly failure: Failure | null;
}

/** The default conversation of an agent and another one. */
export const PLACES = [
  ['the default conversation', false],
  ['another conversation', true],
] as const;

interface Place {
  readonly agent?: string | undefined;
  readonly conversation?: string | undefined;
}

export type OpenPauses = Awaited<ReturnType<typeof openPauses>>;

const ANSWER = `mutation ($runId: ID!, $answers: [ApprovalAnswerInput!]!) {
  answerApproval(runId: $runId, answers: $answers) {
    run { id status } isProven failure { code message pendingToolCallIds }
  }
}`;
const PAUSE = `query ($id: ID!) { run(id: $id) { approval {
  state reason requestedAt toolCalls { toolCallId name asks } decisions { approve reason } answeredBy { id }
} } }`;

/** A gateway over agents that pause for approvals, and another client of their server. */
export async function openPauses(config: GatewayOptions = {}) {
  const test = await openGateway({ config });
  const { store, execute } = test;
  const api = createApi({ store, now: clockOfDistinctTimes() });
  const shop = embeddedWorkshop(store, () => undefined);
  const agent = await shop.makeAgent();
  const post = (path: string, message: object): string => {
    const body = JSON.stringify({ messages: [message] });
    const reply = api({ method: 'POST', path, query: new URLSearchParams(), headers: {}, body });
    const id = /"(?:run_)?id":"(run-[^"]+)"/.exec(reply.body)?.[1];
    if (id === undefined) throw new Error(`expected a run, but got: ${reply.status} ${reply.body}`);
    // The API applies what is due by its next request.
    api({ method: 'GET', path: '/v1/health/', query: new URLSearchParams(), headers: {}, body: '' });
    return id;
  };
  const pathOf = (of: string, conversation: string | null | undefined): string =>
    conversation == null ? `/v1/agents/${of}/messages/async` : `/v1/conversations/${conversation}/messages`;
  /** Sends a message as another client does. @returns the id of the run that it makes */
  const say = (content: string, { agent: of = agent, conversation }: Place = {}): string =>
    post(pathOf(of, conversation), { role: 'user', content });
  /** The pause of a run as the gateway shows it. */
  const pauseOf = async (id: string) =>
    (await test.dataOf<{ run: { approval: Pause | null } }>(PAUSE, { id })).run.approval;
  const idsOf = (runId: string): readonly string[] =>
    store.messages
      .of(runId)
      .flatMap(({ items }) => items)
      .filter(({ message_type: type }) => type === 'approval_request_message')
      .flatMap(({ tool_calls: calls }) => (Array.isArray(calls) ? calls : []))
      .map(({ tool_call_id: id }) => String(id));
  const send = (runId: string, answers: readonly object[], headers?: Headers) =>
    execute<{ answerApproval: AnswerPayload | null }>(ANSWER, { runId, answers }, headers);
  return {
    ...test,
    agent,
    makeAgent: (type?: string) => shop.makeAgent(type),
    makeConversation: () => shop.makeConversation(agent),
    placeIn: async (isOther: boolean) => ({
      conversation: isOther ? await shop.makeConversation(agent) : undefined,
    }),
    /** Begins a run that hangs. @returns its id */
    hang(fields: object = {}): string {
      const id = `run-${crypto.randomUUID()}`;
      const hanging = { id, agent_id: agent, status: 'running', created_at: '2026-01-01T00:00:00Z' };
      store.insert([{ ...hanging, ...fields }]);
      return id;
    },
    say,
    /** Lets an agent pause for a tool. @returns the id of the run */
    pause: ({ calls = shop.danger, ...place }: Place & { readonly calls?: string } = {}) =>
      say(`call=${calls}`, place),
    /** Answers as another client does, or runs the tools itself. @returns the id of the run that it makes */
    decide(runId: string, approve: boolean | 'runs') {
      const answer =
        approve === 'runs'
          ? { type: 'tool', tool_return: 'a page', status: 'success' }
          : { type: 'approval', approve, reason: 'why' };
      const approvals = idsOf(runId).map((id) => ({ ...answer, tool_call_id: id }));
      const { agent_id: of = agent, conversation_id: conversation } = store.find(runId) ?? {};
      return post(pathOf(of, conversation), { type: 'approval', approvals });
    },
    pauseOf,
    /** Answers all calls of a run by the gateway. */
    async answer(runId: string, approve: boolean, headers?: Headers) {
      const answers = idsOf(runId).map((toolCallId) => ({ toolCallId, approve, reason: 'because' }));
      const { data, errors } = await send(runId, answers, headers);
      if (data?.answerApproval == null) throw new Error(JSON.stringify(errors));
      return data.answerApproval;
    },
    send,
  };
}

/** A test with a gateway of its own over agents that pause. */
export const it = base.extend('test', async ({ task: _task }, { onCleanup }) => {
  const test = await openPauses();
  onCleanup(() => test[Symbol.asyncDispose]());
  return test;
});
