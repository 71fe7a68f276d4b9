import type { NewAgent } from '../model/agent.ts';
import { AGENT_TYPES } from '../model/enum-values.ts';
import type { StoredRun } from '../model/run.ts';
import { MODELS, type Role, ROLES, TIMEZONES } from './agent-details.ts';
import { createRandom, type Random } from './random.ts';

/** Collects the agents of sample runs, one after the other, oldest first. */
export interface AgentCollector {
  readonly add: (run: StoredRun) => void;
  /** Returns the agents of all runs so far. The same runs always have the same agents. */
  readonly agents: () => NewAgent[];
}

/** As much of the first run of an agent as tells of the agent. */
type FirstRun = Pick<StoredRun, 'agent_id' | 'base_template_id' | 'created_at' | 'organization_id'>;

/** The runs of an agent that its row tells of. */
interface Seen {
  readonly first: FirstRun;
  /** The run that ended last. */
  last: StoredRun | undefined;
}

export function createAgentCollector(): AgentCollector {
  const seen = new Map<string, Seen>();
  return {
    add(run) {
      const known = seen.get(run.agent_id) ?? { first: run, last: undefined };
      seen.set(run.agent_id, known);
      if (run.completed_at !== null && run.completed_at > (known.last?.completed_at ?? '')) known.last = run;
    },
    agents: () => Array.from(seen.values(), ({ first, last }) => sampleAgent(first, last)),
  };
}

/** Makes an agent. Its details depend on its id alone. @param last the run that ended last, if there is one */
export function sampleAgent(first: FirstRun, last?: StoredRun): NewAgent {
  const { agent_id: id, base_template_id, created_at, organization_id } = first;
  const { random, role, model, agentType } = traitsOf(id);
  return {
    id,
    organization_id,
    base_template_id,
    name: `${role.name} ${random.between(1, 20)}`,
    description: role.description,
    tags: role.tags,
    system: `You are ${role.name}.`,
    agent_type: agentType,
    llm_config: {
      model,
      model_endpoint_type: 'openai',
      model_endpoint: 'https://api.openai.com/v1',
      context_window: 128_000,
      // Some agents use a model that has no handle.
      handle: random.chance(0.9) ? `openai/${model}` : null,
    },
    metadata: random.chance(0.5) ? { team: random.pick(['support', 'sales', 'platform']) } : null,
    created_at,
    updated_at: last?.completed_at ?? created_at,
    last_run_completion: last?.completed_at ?? null,
    last_run_duration_ms: last === undefined ? null : Math.round(Number(last.total_duration_ns) / 1e6),
    last_stop_reason: last?.stop_reason ?? null,
    timezone: random.pick(TIMEZONES),
    hidden: random.chance(0.1) ? true : null,
  };
}

/** What an agent is by its id. `random` goes on from there, for everything else about it. */
export function traitsOf(agentId: string): { random: Random; role: Role; model: string; agentType: string } {
  const random = createRandom(Number.parseInt(agentId.slice('agent-'.length, 'agent-'.length + 8), 16));
  return {
    random,
    role: random.pick(ROLES),
    model: random.pick(MODELS),
    agentType: random.chance(0.8) ? 'letta_v1_agent' : random.pick(AGENT_TYPES),
  };
}
