import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { execute, post } from '../support/execute.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';

const RUN = {
  id: 'run-00000001-0000-4000-8000-000000000000',
  agent_id: 'agent-aaaaaaaa-0000-4000-8000-000000000000',
  created_at: '2025-10-01T00:00:01Z',
  status: 'completed',
  total_duration_ns: null,
};
const AGENT = { id: RUN.agent_id, name: 'Old' };
const METRICS = { id: RUN.id, run_start_ns: 1, run_ns: 5000, num_steps: 1 };

/** A server of a version, whose lists have no durations. */
const serverOf = (version: string) =>
  startRawUpstream((socket, request) => {
    const body = request.head.includes('/health/')
      ? { version, status: 'ok' }
      : request.head.includes('/metrics')
        ? METRICS
        : request.head.includes('/agents/')
          ? AGENT
          : [RUN];
    answerWith(200, JSON.stringify(body))(socket, request);
  });

const UNSUPPORTED = { code: 'UPSTREAM_UNSUPPORTED', retryable: false };
const WHY =
  'the runs API is older than Letta 0.14.0 and does not show durations in lists. Those of single runs are in Run.metrics { durationNs }.';

describe('Where lists have no durations, as up to Letta 0.13.0', () => {
  it.each([
    ['minDurationNs', 'runs(minDurationNs: 1) { nodes { id } }'],
    ['maxDurationNs', 'runs(maxDurationNs: 1) { totalCount { value } }'],
    ['minDurationNs', 'runStats(minDurationNs: 1, maxDurationNs: 5) { count { value } }'],
    [
      'maxDurationNs',
      `node(id: "${RUN.agent_id}") { ... on Agent { runs(maxDurationNs: 5) { nodes { id } } } }`,
    ],
  ])('%s is refused: %s', async (argument, field) => {
    await using upstream = await serverOf('0.13.0');
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const { errors } = await execute(gateway, `{ ${field} }`);
    expect(errors).toMatchObject([
      { message: `${argument}: ${WHY}`, extensions: { ...UNSUPPORTED, argument } },
    ]);
  });

  it('minDurationNs of events is refused at once', async () => {
    await using upstream = await serverOf('0.13.0');
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const query = 'subscription { runEvents(minDurationNs: 1) { cursor } }';
    const text = await post(gateway, JSON.stringify({ query }), { accept: 'text/event-stream' });
    expect(text).toContain(`minDurationNs: ${WHY}`);
    expect(text).toContain('UPSTREAM_UNSUPPORTED');
  });

  it('percentiles are refused, and the other numbers are there', async () => {
    await using upstream = await serverOf('0.13.0');
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const { data, errors } = await execute(gateway, '{ runStats { durations { p50 } count { value } } }');
    expect(data).toEqual({ runStats: { durations: null, count: { value: 1 } } });
    expect(errors).toMatchObject([
      { message: WHY.replace('the', 'The'), path: ['runStats', 'durations'], extensions: UNSUPPORTED },
    ]);
  });

  it('the metrics of runs have them', async () => {
    await using upstream = await serverOf('0.13.0');
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    expect(await execute(gateway, '{ runs { nodes { totalDurationNs metrics { durationNs } } } }')).toEqual({
      data: { runs: { nodes: [{ totalDurationNs: null, metrics: { durationNs: 5000 } }] } },
    });
  });

  it('the version is asked for only where it matters', async () => {
    await using upstream = await serverOf('0.16.7');
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const checks = () => upstream.heads.filter((head) => head.includes('/health/')).length;
    await execute(gateway, '{ runs(createdAfter: "2025-01-01T00:00:00Z") { nodes { totalDurationNs } } }');
    expect(checks()).toBe(0);
    for (let i = 1; i < 4; i++) {
      expect(await execute(gateway, `{ runStats(minDurationNs: ${i}) { durations { p50 } } }`)).toEqual({
        data: { runStats: { durations: null } },
      });
    }
    expect(checks()).toBe(1);
  });
});

describe('The model of an agent', () => {
  const HANDLE = 'openai/gpt-4o-mini';
  const agentOf = async (more: object) => {
    await using upstream = await startRawUpstream(answerWith(200, JSON.stringify({ ...AGENT, ...more })));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const query = `{ node(id: "${AGENT.id}") { ... on Agent { name model } } }`;
    return await execute(gateway, query);
  };

  it.each<[string, object, string | null]>([
    ['is that of newer servers', { model: HANDLE, llm_config: { handle: 'x/y' } }, HANDLE],
    ['is null if newer servers say so', { model: null, llm_config: { handle: 'x/y' } }, null],
    [
      'is the handle in the configuration on older ones',
      { llm_config: { handle: HANDLE, model: 'x' } },
      HANDLE,
    ],
    ['is null if the configuration has none', { llm_config: { handle: null, model: 'x' } }, null],
    ['is null without a configuration', { llm_config: null }, null],
  ])('%s', async (_name, more, model) => {
    const answer = await agentOf(more);
    expect(answer).toEqual({ data: { node: { name: 'Old', model } } });
  });

  it('fails alone if it is no text there either, and shows nothing of the configuration', async () => {
    const answer = await agentOf({ llm_config: { handle: { key: 'secret' } } });
    expect(answer).toMatchObject({
      data: { node: { name: 'Old', model: null } },
      errors: [{ extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } }],
    });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });
});

it('A limit of 0, for which old servers send everything, is never sent', async () => {
  await using upstream = await serverOf('0.13.0');
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
  const page = (args: string) => `runs(${args}) { nodes { id } pageInfo { hasNextPage hasPreviousPage } }`;
  const empty = ['first: 0', 'last: 0', 'first: 0, minDurationNs: 1', `last: 0, before: "${RUN.id}"`];
  await execute(gateway, `{ ${empty.map((args, index) => `p${index}: ${page(args)}`).join(' ')} }`);
  await execute(
    gateway,
    `{ run(id: "${RUN.id}") { steps(first: 0) { nodes { id } } messages(last: 0) { nodes { id } } } }`,
  );
  expect(upstream.heads.length).toBeGreaterThan(0);
  for (const head of upstream.heads) expect(head).not.toMatch(/[?&]limit=(?:0|-)/);
});
