import type { Random } from '../random.ts';
import { billing, delivery } from './english.ts';
import { arabic, japanese } from './other-languages.ts';
import type { Scenario } from './scenario.ts';

/** Agents get the scenarios in turn, so that the busiest two speak English. */
export const SCENARIOS: readonly [Scenario, ...Scenario[]] = [delivery, billing, japanese, arabic];

/** A number that the id of an agent or run stands for. */
export function seedOf(id: string): number {
  return Number.parseInt(id.slice(id.indexOf('-') + 1).slice(0, 8), 16);
}

/** Returns the scenario of an agent, which its id determines. */
export function scenarioOf(agentId: string): Scenario {
  return SCENARIOS[seedOf(agentId) % SCENARIOS.length] ?? SCENARIOS[0];
}

/** Makes an id of which {@link scenarioOf} returns a scenario. */
export function newAgentId(random: Random, scenario: Scenario | undefined): string {
  for (;;) {
    const id = `agent-${random.uuid()}`;
    if (scenarioOf(id) === scenario) return id;
  }
}
