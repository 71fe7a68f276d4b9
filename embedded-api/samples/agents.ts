import type { NewAgent, Run } from '../store/run-store.ts';
import { createRandom, type Random } from './random.ts';
import { toolsOf } from './requests.ts';
import { newAgentId, SCENARIOS, scenarioOf, seedOf } from './scenarios/index.ts';

export type SampleAgent = ReturnType<typeof createAgent>;

/** The first agent speaks English. */
type SampleAgents = readonly [SampleAgent, ...SampleAgent[]];

const MODELS = ['gpt-4o-mini', 'gpt-4o', 'gpt-4.1', 'gpt-4.1-mini'] as const;
const TIMEZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo'] as const;

/** Creates an agent. @param at its number, by which agents get the scenarios in turn */
export function createAgent(random: Random, at: number) {
  return {
    id: newAgentId(random, SCENARIOS[at % SCENARIOS.length]),
    baseTemplateId: random.chance(0.35) ? `base-template-${random.uuid()}` : null,
    /** The conversation that its next run continues. */
    conversationId: `conv-${random.uuid()}`,
  };
}

/** Creates about one agent per 60 runs, at least 5 and at most 400. */
export function createAgents(random: Random, runs: number): SampleAgents {
  const size = Math.min(400, Math.max(5, Math.round(runs / 60)));
  const first = createAgent(random, 0);
  return [first, ...Array.from({ length: size - 1 }, (_, at) => createAgent(random, at + 1))];
}

/** Picks an agent, with a distribution in which a few agents have most of the runs. */
export function pickAgent(random: Random, agents: SampleAgents): SampleAgent {
  return agents[Math.floor(random.next() ** 2.5 * agents.length)] ?? agents[0];
}

/** Returns the agents that speak English, the first agent among them. */
export function inEnglish([first, ...others]: SampleAgents): SampleAgents {
  return [first, ...others.filter(({ id }) => scenarioOf(id).isEnglish)];
}

/** Picks a conversation: most runs continue the agent's last conversation, some start a new one, some have none. */
export function pickConversation(random: Random, agent: SampleAgent): string | null {
  if (random.chance(0.25)) return null;
  if (random.chance(0.2)) agent.conversationId = `conv-${random.uuid()}`;
  return agent.conversationId;
}

/** The model of an agent, and whether it answers in messages rather than by a tool, by its id. */
export function traitsOf(agentId: string) {
  const random = createRandom(seedOf(agentId));
  return { model: random.pick(MODELS), isAnswering: random.chance(0.8) };
}

/** The fields of the first run of an agent that its row is made from. */
type FirstRun = Pick<Run, 'agent_id' | 'created_at' | 'organization_id'>;

/** Makes an agent; its details depend on its id alone. @param last the run that ended last, if there is one */
export function sampleAgent(first: FirstRun, last?: Run): NewAgent {
  const { agent_id: id, created_at, organization_id } = first;
  const { role, description, tags } = scenarioOf(id);
  const { model, isAnswering } = traitsOf(id);
  const random = createRandom(seedOf(id) + 1);
  return {
    id,
    organization_id,
    name: `${role} ${random.between(1, 20)}`,
    description,
    tags,
    ...toolsOf(scenarioOf(id)),
    agent_type: isAnswering ? 'letta_v1_agent' : 'memgpt_v2_agent',
    // Some agents use a model that has no handle.
    llm_config: { model, handle: random.chance(0.9) ? `openai/${model}` : null },
    created_at,
    updated_at: last?.completed_at ?? created_at,
    ...(last && lastRunOf(last)),
    timezone: random.pick(TIMEZONES),
    hidden: random.chance(0.1) ? true : null,
  };
}

/** The fields of an agent that describe the run of it that ended last. */
export function lastRunOf(run: Run) {
  return {
    last_run_completion: run.completed_at,
    last_run_duration_ms: Math.round(Number(run.total_duration_ns) / 1e6),
    last_stop_reason: run.stop_reason,
  };
}
