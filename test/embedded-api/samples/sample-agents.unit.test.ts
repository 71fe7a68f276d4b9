import { expect, test } from 'vitest';
import { DEFAULT_ACTOR, SECOND_ACTOR } from '../../../embedded-api/model/actors.ts';
import { insertSamples } from '../../../embedded-api/samples/sample-runs.ts';
import { sampleRuns } from '../../../embedded-api/samples/sample-runs.ts';
import { scenarioOf } from '../../../embedded-api/samples/scenarios/index.ts';
import { openStore } from '../../../embedded-api/store/store.ts';

const OPTIONS = { count: 2000, seed: 1 };
const runs = [...sampleRuns(OPTIONS)];

function sampleAgents(organizationId = DEFAULT_ACTOR.organizationId) {
  using store = openStore();
  insertSamples(store, OPTIONS);
  expect(store.count()).toBe(OPTIONS.count);
  return store.agents
    .all(organizationId)
    .map(({ json }) => JSON.parse(json))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
const agents = sampleAgents();

test('every run has its agent, in its organization, and every agent has runs', () => {
  for (const [organizationId, rows] of [
    [DEFAULT_ACTOR.organizationId, agents],
    [SECOND_ACTOR.organizationId, sampleAgents(SECOND_ACTOR.organizationId)],
  ] as const) {
    const own = runs.filter((run) => run.organization_id === organizationId);
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(own.map((run) => run.agent_id)));
  }
});

test('the same seed gives the same agents', () => {
  expect(sampleAgents()).toEqual(agents);
});

test('an agent tells of the run that ended last', () => {
  for (const agent of agents) {
    const ended = runs
      .filter((run) => run.agent_id === agent.id && run.completed_at !== null)
      .toSorted((a, b) => ((a.completed_at ?? '') < (b.completed_at ?? '') ? -1 : 1));
    const last = ended.at(-1);
    expect(agent.last_run_completion).toBe(last?.completed_at?.replace('.000000Z', 'Z') ?? null);
    expect(agent.last_stop_reason).toBe(last?.stop_reason ?? null);
    expect(agent.created_at <= agent.updated_at).toBe(true);
  }
});

test('an agent is for what its runs are about', () => {
  for (const { id, name } of agents) {
    const { role, customer } = scenarioOf(id);
    expect(name.startsWith(`${role} `)).toBe(true);
    for (const { metadata } of runs.filter((run) => run.agent_id === id)) {
      expect([customer, undefined]).toContain(Object(metadata).customer);
    }
  }
});

test('agents can be sent, and some of them have no description, no handle, or are hidden', () => {
  const sent: readonly Record<string, unknown>[] = agents;
  for (const [key, value] of [
    ['description', null],
    ['model', null],
    ['hidden', true],
  ] as const) {
    expect(sent.filter((agent) => agent[key] === value).length).toBeGreaterThan(0);
    expect(sent.filter((agent) => agent[key] === value).length).toBeLessThan(agents.length / 2);
  }
  expect(sent.some(({ name }) => /[^ -\u024f]/.test(String(name)))).toBe(true);
});
