import type { Random } from './random.ts';

export interface SampleAgent {
  readonly id: string;
  readonly baseTemplateId: string | null;
  /** The conversation that its next run continues. */
  conversationId: string;
}

const RUNS_PER_AGENT = 60;

export function createAgent(random: Random): SampleAgent {
  return {
    id: `agent-${random.uuid()}`,
    baseTemplateId: random.chance(0.35) ? `base-template-${random.uuid()}` : null,
    conversationId: `conv-${random.uuid()}`,
  };
}

/** About one agent for 60 runs, at least 5 and at most 400. */
export function createAgents(random: Random, runs: number): [SampleAgent, ...SampleAgent[]] {
  const size = Math.min(400, Math.max(5, Math.round(runs / RUNS_PER_AGENT)));
  const others = Array.from({ length: size - 1 }, () => createAgent(random));
  return [createAgent(random), ...others];
}

/** A few agents do most of the work. */
export function pickAgent(random: Random, agents: readonly [SampleAgent, ...SampleAgent[]]): SampleAgent {
  return agents[Math.floor(random.next() ** 2.5 * agents.length)] ?? agents[0];
}

/** Most runs continue the agent's conversation, some begin one, some have none. */
export function pickConversation(random: Random, agent: SampleAgent): string | null {
  if (random.chance(0.25)) return null;
  if (random.chance(0.2)) agent.conversationId = `conv-${random.uuid()}`;
  return agent.conversationId;
}
