import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { createRunsUpstream } from '../../src/upstream/letta/runs-upstream.ts';
import { noTelemetry } from '../../src/upstream/telemetry.ts';
import { AGENT_FIELDS, AGENT_TYPES, type WireAgent } from '../support/agent-fields.ts';
import { seedAgent } from '../support/agents.ts';
import { credentialsOf } from '../support/credentials.ts';
import { execute } from '../support/execute.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';
import { STOP_REASONS } from '../support/run-fields.ts';
import { startTestGateway } from '../support/test-gateway.ts';

const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const text = fc.string({ unit: 'grapheme' });
const instant = fc
  .tuple(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }), fc.nat(999))
  .map(([date, micros]) => date.toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`));

const randomAgent = fc.record({
  id: fc.uuid({ version: 4 }).map((uuid) => `agent-${uuid}`),
  name: text,
  description: orNull(text),
  agent_type: fc.constantFrom(...AGENT_TYPES),
  llm_config: orNull(text).map((handle) => ({ handle })),
  tags: fc.array(text, { maxLength: 4 }),
  created_at: instant,
  updated_at: instant,
  last_run_completion: orNull(instant),
  last_run_duration_ms: orNull(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  last_stop_reason: orNull(fc.constantFrom(...STOP_REASONS)),
  timezone: orNull(text),
  hidden: orNull(fc.boolean()),
});

/** What GraphQL shows of an agent of the wire. */
function expectedAgent(agent: WireAgent): { id?: string } {
  const fields = Object.entries(AGENT_FIELDS).map(([name, [wire, type]]) => {
    const value = agent[wire];
    return [name, type === 'StopReason' && typeof value === 'string' ? value.toUpperCase() : value];
  });
  return { id: agent.id, ...Object.fromEntries(fields) };
}

const byId = (a: { id?: string }, b: { id?: string }): number => ((a.id ?? '') < (b.id ?? '') ? -1 : 1);

const SELECTION = ['id', ...Object.keys(AGENT_FIELDS)].join(' ');

it('Agents have what the API sends of them, whatever that is', async () => {
  const agents = fc.sample(randomAgent, { numRuns: 200, seed: 3 });
  await using test = await startTestGateway({ agents });
  const ids = agents.map(({ id }) => id);
  const { data, errors } = await execute<{ nodes: readonly { id?: string }[] }, object>(
    test.gateway,
    `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Agent { ${SELECTION} } } }`,
    { ids },
  );
  expect(errors).toBeUndefined();
  const sent = await fetch(`${test.gateway.upstreamUrl}/v1/agents/?limit=0&show_hidden_agents=true`);
  const rows: WireAgent[] = await sent.json();
  expect(rows).toHaveLength(200);
  const expected = rows.map(expectedAgent).toSorted(byId);
  expect(data?.nodes.toSorted(byId)).toEqual(expected);
});

it('Nothing else of an agent is shown: no prompt, configuration or secret', async () => {
  const id = 'agent-aaaaaaaa-0000-4000-8000-000000000000';
  const agents = [{ ...seedAgent(id), system: 'the secret prompt', metadata: { key: 'the secret key' } }];
  await using test = await startTestGateway({ agents });
  const answer = await execute(test.gateway, `{ node(id: "${id}") { ... on Agent { ${SELECTION} } } }`);
  expect(answer.errors).toBeUndefined();
  expect(JSON.stringify(answer)).not.toContain('secret');
});

it('An agent of a newer or an older server is shown as far as it goes, and drift is reported', async () => {
  const id = 'agent-aaaaaaaa-0000-4000-8000-000000000000';
  const agent = { id, name: 'New', agent_type: 'quantum_agent', last_stop_reason: 'bored', brand_new: 1 };
  await using server = await startRawUpstream(answerWith(200, JSON.stringify(agent)));
  await using gateway = await createGateway({ upstreamUrl: server.baseUrl });
  const { data } = await execute(
    gateway,
    `{ node(id: "${id}") { ... on Agent { name agentType tags lastStopReason rawLastStopReason } } }`,
  );
  expect(data).toEqual({
    node: {
      name: 'New',
      agentType: 'quantum_agent',
      tags: null,
      lastStopReason: 'UNRECOGNIZED',
      rawLastStopReason: 'bored',
    },
  });

  const drift: string[] = [];
  await using upstream = createRunsUpstream({
    baseUrl: server.baseUrl,
    timeoutMs: 5000,
    maxBytes: 1e6,
    telemetry: { ...noTelemetry, drift: (kind, value) => drift.push(`${kind} ${value}`) },
  });
  const { signal } = new AbortController();
  await upstream.forCaller({ ...credentialsOf('one'), signal }).retrieveAgent(id);
  expect(drift).toEqual([
    'stop_reason bored',
    'missing_field agent.description',
    'missing_field agent.model',
    'missing_field agent.tags',
    'missing_field agent.created_at',
    'missing_field agent.updated_at',
    'missing_field agent.last_run_completion',
    'missing_field agent.last_run_duration_ms',
    'missing_field agent.timezone',
  ]);
});
