import DataLoader from 'dataloader';
import { UpstreamError } from '../errors/upstream-error.ts';
import type { AgentFieldName } from '../runs/agent-fields.ts';
import type { AgentDetails, AgentValues } from '../runs/agent.ts';
import type { RunsSource } from '../runs/source.ts';
import { lazily } from './lazily.ts';
import { settle } from './settle.ts';

/** Looks agents up by id, each at most once per client request, and only when something is asked of it. */
export interface AgentById {
  /** Whether there is an agent with this id that the caller can see. @throws UpstreamError */
  exists(id: string): Promise<boolean>;
  /** Returns a field of an agent. @throws UpstreamError, with status 404 if there is no such agent */
  read<Name extends AgentFieldName>(id: string, name: Name): Promise<AgentValues[Name]>;
}

export function createAgentById(source: RunsSource): AgentById {
  const loader = lazily(
    () =>
      new DataLoader<string, AgentDetails>((ids) =>
        settle(ids, async (id) => (await source.retrieveAgent(id)) ?? Promise.reject(absent(id))),
      ),
  );
  return {
    exists: (id) =>
      loader()
        .load(id)
        .then(
          () => true,
          (error: unknown) => {
            if (error instanceof UpstreamError && error.status === 404) return false;
            throw error;
          },
        ),
    read: async (id, name) => (await loader().load(id)).read(name),
  };
}

/** For the agent of a run, or of another service, whose fields can't be null as if it had none. */
function absent(id: string): UpstreamError {
  return new UpstreamError('UPSTREAM_REJECTED', `There is no agent ${id}`, { status: 404 });
}
