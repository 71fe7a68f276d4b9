import { UpstreamError } from '../errors/upstream-error.ts';
import type { Agent, AgentFieldName } from '../runs/agent-fields.ts';
import { getOrCompute } from '../runs/memoize.ts';
import type { ById } from './by-id.ts';

/** Reads a field of an agent, which is looked up when it is first asked for. @throws UpstreamError, with status 404 if there is none */
export type ReadAgent = <Name extends AgentFieldName>(id: string, name: Name) => Promise<Agent[Name]>;

export function createReadAgent(byId: ById<Agent>): ReadAgent {
  /** One error for all fields of an agent, so that it is logged once. */
  const absent = new Map<string, UpstreamError>();
  return async (id, name) => {
    const agent = await byId.load(id);
    if (agent !== null) return agent[name];
    // Not null, which would say that the agent has no such value, and not that the agent is gone.
    throw getOrCompute(
      absent,
      id,
      () => new UpstreamError('UPSTREAM_REJECTED', `There is no agent ${id}`, { status: 404 }),
    );
  };
}
