import { describe, expect, it } from 'vitest';
import { ask, codeOf } from '../../support/ask.ts';
import { stopClock } from '../../support/clock.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';
import type { UpstreamAnswer, UpstreamRequest } from '../../support/scripted-upstream.ts';

const AGENT = { id: 'agent-aaaaaaaa-0000-4000-8000-000000000000', name: 'Old' };
const RUN = {
  id: 'run-00000001-0000-4000-8000-000000000000',
  agent_id: AGENT.id,
  created_at: '2025-10-01T00:00:01Z',
  status: 'completed',
  total_duration_ns: null,
};
const METRICS = { id: RUN.id, run_start_ns: 1, run_ns: 5000, num_steps: 1 };
const HEALTH = '/v1/health/';

/** A server whose lists have no durations. */
const answerOf =
  (version: () => unknown) =>
  ({ path }: UpstreamRequest): UpstreamAnswer => {
    if (path === HEALTH) return { body: { version: version(), status: 'ok' } };
    if (path.endsWith('/metrics')) return { body: METRICS };
    return { body: path.includes('/agents/') ? AGENT : [RUN] };
  };
const openOld = (version = '0.13.0') => openGatewayOver(answerOf(() => version));

const WHY =
  'the runs API is older than Letta 0.14.0 and does not show durations in lists. Those of single runs are in Run.metrics { durationNs }.';
const UNSUPPORTED = { code: 'UPSTREAM_UNSUPPORTED', retryable: false };

describe('Over Letta before 0.14, whose lists have no durations,', () => {
  it.each([
    ['minDurationNs', 'runs(minDurationNs: 1) { nodes { id } }'],
    ['maxDurationNs', 'runs(maxDurationNs: 1) { totalCount { value } }'],
    ['minDurationNs', 'runStats(minDurationNs: 1, maxDurationNs: 5) { count { value } }'],
  ])('the argument %s is refused: %s', async (argument, field) => {
    await using old = await openOld();
    expect(await ask(old.gateway, 'one', `{ ${field} }`)).toMatchObject({
      errors: [{ message: `${argument}: ${WHY}`, extensions: { ...UNSUPPORTED, argument } }],
    });
  });

  it('runStats.durations is refused, and other statistics and Run.metrics are there', async () => {
    await using old = await openOld();
    const fields = 'runs { nodes { totalDurationNs metrics { durationNs } } }';
    const query = `{ runStats { durations { p50 } count { value } } ${fields} }`;
    expect(await ask(old.gateway, 'one', query)).toMatchObject({
      data: {
        runStats: { durations: null, count: { value: 1 } },
        runs: { nodes: [{ totalDurationNs: null, metrics: { durationNs: 5000 } }] },
      },
      errors: [
        { message: WHY.replace('the', 'The'), path: ['runStats', 'durations'], extensions: UNSUPPORTED },
      ],
    });
  });
});

const BY_DURATION = '{ runs(minDurationNs: 1) { nodes { id } } }';

it.each([
  ['UPSTREAM_UNSUPPORTED', ['0.12.1', '0.13.0', 'v0.13.0-rc1']],
  ['served', ['0.14.0', '0.16.7', '1.0.0', '10.13.0', 'cloud', '', undefined]],
])('minDurationNs depends on the version of the server: %s', async (code, versions) => {
  const clock = stopClock();
  let version: unknown;
  await using server = await openGatewayOver(answerOf(() => version));
  for (version of versions) {
    expect(codeOf(await ask(server.gateway, 'one', BY_DURATION))).toBe(code);
    await clock.pass(60_000);
  }
});

it('minDurationNs is refused over an old server also while its health check fails', async () => {
  const clock = stopClock();
  await using old = await openOld();
  for (const script of [old.upstream.script, () => new Error('away')] as const) {
    old.upstream.script = (request, next) => (request.path === HEALTH ? script(request, next) : next());
    expect(codeOf(await clock.until(ask(old.gateway, 'one', BY_DURATION)))).toBe('UPSTREAM_UNSUPPORTED');
    await clock.pass(60_000);
  }
});

const HANDLE = 'openai/gpt-4o-mini';

it.each<[string, object, string | null]>([
  ['is that of newer servers', { model: HANDLE, llm_config: { handle: 'x/y' } }, HANDLE],
  ['is the handle in the configuration of old ones', { llm_config: { handle: HANDLE, model: 'x' } }, HANDLE],
  ['is null without a configuration', { llm_config: null }, null],
])('Agent.model %s', async (_name, more, model) => {
  await using old = await openGatewayOver(() => ({ body: { ...AGENT, ...more } }));
  const query = `{ node(id: "${AGENT.id}") { ... on Agent { name model } } }`;
  const answer = await ask(old.gateway, 'one', query);
  expect(answer.data).toEqual({ node: { name: 'Old', model } });
});

it('Agent.model that is no text is an error, which shows nothing of it', async () => {
  const body = { ...AGENT, llm_config: { handle: { key: 'secret' } } };
  await using old = await openGatewayOver(() => ({ body }));
  const answer = await ask(old.gateway, 'one', `{ node(id: "${AGENT.id}") { ... on Agent { name } } }`);
  expect([answer.data, codeOf(answer)]).toEqual([{ node: null }, 'UPSTREAM_INVALID_RESPONSE']);
  expect(JSON.stringify(answer)).not.toContain('secret');
});
