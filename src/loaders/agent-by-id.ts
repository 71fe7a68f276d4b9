import DataLoader from 'dataloader';
import type { AgentFieldName } from '../runs/agent-fields.ts';
import type { AgentDetails, AgentValues } from '../runs/agent.ts';
import { UpstreamError } from '../runs/errors.ts';
import type { RunsSource } from '../runs/source.ts';
import { settle } from './settle.ts';

/** Looks agents up by id, each at most once per client request, and only when something is asked of it. */
export interface AgentById {
  /** Whether there is an agent with this id that the caller can see. @throws UpstreamError */
  exists(id: string): Promise<boolean>;
  /** Returns a field of an agent. @throws UpstreamError, also if there is no such agent */
  read<Name extends AgentFieldName>(id: string, name: Name): Promise<AgentValues[Name]>;
}

export function createAgentById(source: RunsSource): AgentById {
  const loader = new DataLoader<string, AgentDetails | null>((ids) =>
    settle(ids, (id) => source.retrieveAgent(id)),
  );
  return {
    exists: async (id) => (await loader.load(id)) !== null,
    async read(id, name) {
      const agent = await loader.load(id);
      if (agent !== null) return agent.read(name);
      // The agent of a run, or of another service: null would say that it has no such value.
      throw new UpstreamError('UPSTREAM_REJECTED', `There is no agent ${id}`, { status: 404 });
    },
  };
}
