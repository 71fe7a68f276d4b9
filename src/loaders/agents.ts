import { UpstreamError } from '../errors/upstream-error.ts';
import type { Page } from '../lists/pages/build-page.ts';
import { loadPage } from '../lists/pages/load-page.ts';
import type { ListArguments, PageNeeds } from '../lists/pages/plan-page.ts';
import { type ReadRange, readRange } from '../lists/ranges/read-range.ts';
import type { Agent, AgentFieldName } from '../runs/agent-fields.ts';
import { AGENT_LIST, type AgentFilter } from '../runs/agent-list.ts';
import { getOrCompute } from '../runs/memoize.ts';
import type { RunsSource } from '../runs/runs-source.ts';
import { createById } from './by-id.ts';

/** Agents, each looked up at most once per client request, and only when something is asked of it. */
export interface Agents {
  /** Whether there is an agent with this id that the caller can see. @throws UpstreamError */
  exists(id: string): Promise<boolean>;
  /** Returns a field of an agent. @throws UpstreamError, with status 404 if there is no such agent */
  read<Name extends AgentFieldName>(id: string, name: Name): Promise<Agent[Name]>;
  /** Loads one page, whose agents need no look-up any more. @throws InvalidCursorError, UpstreamError */
  page(args: ListArguments<AgentFilter>, needs: PageNeeds): Promise<Page<Agent>>;
}

export function createAgents(source: RunsSource): Agents {
  const byId = createById((id) => source.retrieve('agent', id));
  const readAgents: ReadRange<Agent, AgentFilter> = (request) => readRange(request, source.agents);
  /** One error for all fields of an agent, so that it is logged once. */
  const absent = new Map<string, UpstreamError>();
  return {
    exists: async (id) => (await byId.load(id)) !== null,
    async read(id, name) {
      const agent = await byId.load(id);
      if (agent !== null) return agent[name];
      // Not null, which would say that the agent has no such value, and not that the agent is gone.
      throw getOrCompute(
        absent,
        id,
        () => new UpstreamError('UPSTREAM_REJECTED', `There is no agent ${id}`, { status: 404 }),
      );
    },
    page: (args, needs) => loadPage(args, needs, { list: AGENT_LIST, readRange: readAgents, byId }),
  };
}
