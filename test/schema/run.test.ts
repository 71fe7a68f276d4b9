import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { startFixedUpstream } from '../support/fixed-upstream.ts';
import { randomRuns } from '../support/random-runs.ts';
import { listRuns } from '../support/run-list.ts';
import { startTestGateway } from '../support/test-gateway.ts';

const LEAST = {
  id: 'run-11111111-1111-4111-8111-111111111111',
  agent_id: 'agent-1',
  created_at: '2025-01-01T00:00:00Z',
};

async function ask(rows: string, selection: string) {
  await using upstream = await startFixedUpstream(rows);
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
  return await execute(gateway, `{ runs { nodes { ${selection} } } }`);
}

describe('A run', () => {
  it('with values newer than the gateway keeps its page whole, and their text', async () => {
    const row = {
      ...LEAST,
      status: 'paused',
      stop_reason: 'bored',
      request_config: { include_return_message_types: ['user_message', 'hologram_message'] },
    };
    const selection = 'status rawStatus stopReason rawStopReason requestConfig { includeReturnMessageTypes }';
    expect(await ask(JSON.stringify([row, { ...LEAST, id: 'run-0', status: 'failed' }]), selection)).toEqual({
      data: {
        runs: {
          nodes: [
            {
              status: 'UNRECOGNIZED',
              rawStatus: 'paused',
              stopReason: 'UNRECOGNIZED',
              rawStopReason: 'bored',
              requestConfig: { includeReturnMessageTypes: ['USER_MESSAGE', 'UNRECOGNIZED'] },
            },
            {
              status: 'FAILED',
              rawStatus: 'failed',
              stopReason: null,
              rawStopReason: null,
              requestConfig: null,
            },
          ],
        },
      },
    });
  });

  it('has its metadata untouched, and nanoseconds beyond 32 bits', async () => {
    await using upstream = await startFixedUpstream(
      `[{"id":"run-1","agent_id":"agent-1","created_at":"2025-01-01T00:00:00Z","total_duration_ns":9007199254740991,"ttft_ns":4294967296,
        "metadata":{"id":9007199254740993,"__proto__":{"x":1},"text":"逃げ水","none":null}}]`,
    );
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const response = await gateway.fetch(
      new Request('http://gateway/graphql?query={runs{nodes{metadata totalDurationNs ttftNs}}}'),
    );
    expect(await response.text()).toBe(
      '{"data":{"runs":{"nodes":[{"metadata":{"id":9007199254740993,"__proto__":{"x":1},"text":"逃げ水","none":null},"totalDurationNs":9007199254740991,"ttftNs":4294967296}]}}}',
    );
  });

  it.each([
    ['not JSON', '<html>'],
    ['no list', '{"detail":"secret of the upstream"}'],
    ['null', 'null'],
    ['rows without ids', '[{"agent_id":"agent-1","created_at":"2025-01-01T00:00:00Z"}]'],
    ['repeated rows', JSON.stringify([LEAST, LEAST])],
  ])('is not read from an answer that is %s', async (_name, body) => {
    const { data, errors } = await ask(body, 'id');
    expect(data).toEqual({ runs: null });
    expect(errors).toMatchObject([
      {
        message: 'The runs API sent an invalid response.',
        extensions: { code: 'UPSTREAM_INVALID_RESPONSE' },
      },
    ]);
  });

  it('is looked up by its id, and null where there is none', async () => {
    const runs = randomRuns(3, 1);
    await using test = await startTestGateway({ runs });
    const id = runs[1]?.id ?? '';
    const { data } = await execute(
      test.gateway,
      `{ here: run(id: "${id}") { id agentId } gone: run(id: "${LEAST.id}") { id } no: run(id: "run-x") { id } empty: run(id: "") { id } }`,
    );
    expect(data).toEqual({ here: { id, agentId: runs[1]?.agent_id }, gone: null, no: null, empty: null });
  });
});

describe('The runs of an agent', () => {
  it('are pages of their own, with filters, flags and cursors', async () => {
    const runs = randomRuns(80, 4);
    await using test = await startTestGateway({ runs });
    const run = runs[40];
    const { data, errors } = await execute<
      {
        run: { agent: { id: string; runs: { nodes: { id: string; agentId: string }[]; pageInfo: object } } };
      },
      never
    >(
      test.gateway,
      `{ run(id: "${run?.id}") { agent { id runs(first: 5, order: ASC, after: "${run?.id}") { nodes { id agentId } pageInfo { hasNextPage hasPreviousPage } } } } }`,
    );
    expect(errors).toBeUndefined();
    const query = { order: 'asc', limit: 5, before: run?.id, agent_id: run?.agent_id } as const;
    const expected = listRuns(runs, query).map(({ id, agent_id }) => ({ id, agentId: agent_id }));
    expect(data?.run.agent).toEqual({
      id: run?.agent_id,
      runs: { nodes: expected, pageInfo: { hasNextPage: true, hasPreviousPage: true } },
    });
  });
});
