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

/** Creates about one agent per 60 runs, at least 5 and at most 400. */
export function createAgents(random: Random, runs: number): [SampleAgent, ...SampleAgent[]] {
  const size = Math.min(400, Math.max(5, Math.round(runs / RUNS_PER_AGENT)));
  const others = Array.from({ length: size - 1 }, () => createAgent(random));
  return [createAgent(random), ...others];
}

/** Picks an agent, with a distribution in which a few agents have most of the runs. */
export function pickAgent(random: Random, agents: readonly [SampleAgent, ...SampleAgent[]]): SampleAgent {
  return agents[Math.floor(random.next() ** 2.5 * agents.length)] ?? agents[0];
}

/** Picks a conversation: most runs continue the agent's one, some start a new one, some have none. */
export function pickConversation(random: Random, agent: SampleAgent): string | null {
  if (random.chance(0.25)) return null;
  if (random.chance(0.2)) agent.conversationId = `conv-${random.uuid()}`;
  return agent.conversationId;
}
