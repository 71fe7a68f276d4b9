import { expect, test } from 'vitest';
import { DEFAULT_ACTOR, SECOND_ACTOR } from '../../../src/embedded-api/model/actors.ts';
import { AGENT_FIELDS } from '../../../src/embedded-api/model/agent.ts';
import { insertSamples } from '../../../src/embedded-api/samples/insert-samples.ts';
import { sampleRuns } from '../../../src/embedded-api/samples/sample-runs.ts';
import { openStore } from '../../../src/embedded-api/store/store.ts';
import { wireAgent } from '../../../src/embedded-api/wire/agent.ts';

const OPTIONS = { count: 2000, seed: 1 };
const runs = [...sampleRuns(OPTIONS)];

function sampleAgents(organizationId = DEFAULT_ACTOR.organizationId) {
  using store = openStore();
  insertSamples(store, OPTIONS);
  expect(store.count()).toBe(OPTIONS.count);
  return store.agents.all(organizationId).toSorted((a, b) => (a.id < b.id ? -1 : 1));
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
    expect(agent.last_run_completion).toBe(last?.completed_at ?? null);
    expect(agent.last_stop_reason).toBe(last?.stop_reason ?? null);
    expect(agent.created_at <= agent.updated_at).toBe(true);
  }
});

const NEVER = ['created_by_id', 'project_id', 'template_id'];

test.each(Object.keys(AGENT_FIELDS).filter((name) => !NEVER.includes(name)))(
  'some sample agent has a value for the column %s',
  (name) => {
    expect(agents.some((agent) => Reflect.get(agent, name) !== null)).toBe(true);
  },
);

test('agents can be sent, and some of them have no description, no handle, no tags, or are hidden', () => {
  const sent = agents.map((agent): Record<string, unknown> => JSON.parse(wireAgent(agent, true)));
  for (const [key, value] of [
    ['description', null],
    ['model', null],
    ['hidden', true],
  ] as const) {
    expect(sent.filter((agent) => agent[key] === value).length).toBeGreaterThan(0);
    expect(sent.filter((agent) => agent[key] === value).length).toBeLessThan(agents.length / 2);
  }
  expect(sent.some(({ tags }) => JSON.stringify(tags) === '[]')).toBe(true);
  expect(sent.some(({ name }) => /[^ -\u024f]/.test(String(name)))).toBe(true);
});
