import { setTimeout as sleep } from 'node:timers/promises';
import { approvalRule, toolOf } from '../../embedded-api/samples/requests.ts';
import { DEFAULT_ACTOR } from '../../embedded-api/store/actors.ts';
import type { RunStore } from '../../embedded-api/store/run-store.ts';
import { microsOf, timestampOf } from '../../embedded-api/store/timestamps.ts';
import { createRunsClient, type Target } from './target.ts';

export type Workshop = ReturnType<typeof embeddedWorkshop>;

/** Returns a clock that shows no time twice: rows of equal times would be ordered by their random ids. */
export function clockOfDistinctTimes(): () => Date {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Date.now());
    return new Date(last);
  };
}

/**
 * Makes the agents and conversations that approvals are tried on, each with a tool that needs approval and one that
 * doesn't.
 *
 * @param pass moves the clock of the API on
 */
export function embeddedWorkshop(store: RunStore, pass: () => void) {
  const { organizationId: organization_id } = DEFAULT_ACTOR;
  const created_at = '2025-01-01T00:00:00Z';
  return {
    danger: 'danger',
    async makeAgent(agent_type = 'letta_v1_agent') {
      const id = `agent-${crypto.randomUUID()}`;
      const tools = [toolOf('danger'), toolOf('safe')];
      const tool_rules = [approvalRule('danger')];
      const agent = {
        id,
        name: 'tried',
        created_at,
        updated_at: created_at,
        llm_config: {},
        tags: ['tried'],
      };
      store.agents.insert([{ ...agent, organization_id, agent_type, tools, tool_rules }]);
      return id;
    },
    async makeConversation(agent_id: string, summary?: string) {
      const id = `conv-${crypto.randomUUID()}`;
      const at = timestampOf(microsOf(created_at) + store.conversations.of(organization_id).length);
      store.conversations.insert([
        { id, agent_id, organization_id, created_at: at, ...(summary && { summary }) },
      ]);
      return id;
    },
    deleteConversation: async (id: string): Promise<unknown> => store.deletedConversations.add(id),
    /** Lets some time pass. */
    pass: async () => pass(),
    async [Symbol.asyncDispose]() {},
  };
}

/** Works on a real server, and deletes everything in the end. @param llm the address of the model, as the server reaches it */
export async function openWorkshop(target: Target, llm: string): Promise<Workshop> {
  const client = createRunsClient(target);
  const made: string[] = [];
  const send = async (method: string, path: string, body: object): Promise<string> => {
    const headers = { 'content-type': 'application/json' };
    const response = await client.get(path, { method, headers, body: JSON.stringify(body) });
    const { id }: { id?: string } = Object(await response.json());
    if (id === undefined) throw new Error(`expected ${method} ${path} to make something: ${response.status}`);
    return id;
  };
  const suffix = crypto.randomUUID().slice(0, 8);
  const makeTool = async (name: string, default_requires_approval: boolean): Promise<string> => {
    const source_code = `def ${name}_${suffix}(x: str):\n    """\n    Does it.\n\n    Args:\n        x (str): what\n\n    Returns:\n        str: it\n    """\n    return "did " + x\n`;
    const id = await send('PUT', '/v1/tools/', { source_code, default_requires_approval });
    made.push(`/v1/tools/${id}`);
    return id;
  };
  const tool_ids = [await makeTool('danger', true), await makeTool('safe', false)];
  const model = {
    model: 'gpt-4o-mini',
    model_endpoint_type: 'openai',
    model_endpoint: llm,
    context_window: 128_000,
  };
  const llm_config = { ...model, handle: 'openai/gpt-4o-mini', parallel_tool_calls: true };
  const embedding = { embedding_endpoint_type: 'openai', embedding_endpoint: llm };
  const embedding_config = { ...embedding, embedding_model: 'none', embedding_dim: 1536 };
  const configs = { llm_config, embedding_config, memory_blocks: [], include_base_tools: false };
  return {
    danger: `danger_${suffix}`,
    async makeAgent(agent_type = 'letta_v1_agent') {
      const agent = { name: `tried ${suffix}`, tags: ['tried'], agent_type, tool_ids, ...configs };
      const id = await send('POST', '/v1/agents/', agent);
      made.push(`/v1/agents/${id}`);
      return id;
    },
    makeConversation: (agentId, summary) =>
      send('POST', `/v1/conversations/?agent_id=${agentId}`, { summary }),
    deleteConversation: (id) => client.get(`/v1/conversations/${id}`, { method: 'DELETE' }),
    pass: async () => sleep(300),
    async [Symbol.asyncDispose]() {
      for (const path of made.toReversed()) await client.get(path, { method: 'DELETE' });
    },
  };
}
