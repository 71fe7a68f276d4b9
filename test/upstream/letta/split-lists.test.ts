import { describe, expect, it } from 'vitest';
import { followSplitting, type RepeatedKeys } from '../../../src/lists/ranges/split-lists.ts';
import { RUN_LIST } from '../../../src/runs/list.ts';
import type { Run } from '../../../src/runs/run.ts';
import type { RunRangeQuery } from '../../../src/runs/source.ts';
import { understandsRepeatedKeys } from '../../../src/upstream/letta/repeated-keys.ts';
import { decodeRuns } from '../../../src/wire/decode-run.ts';
import { execute } from '../../support/execute.ts';
import { AGENT_IDS, randomRuns } from '../../support/random-runs.ts';
import { joinRepeatedKeys } from '../../support/recording-proxy.ts';
import { startTestGateway } from '../../support/test-gateway.ts';

const QUERY: RunRangeQuery = { filter: {}, order: 'desc', after: null, limit: 10 };

interface Listing {
  readonly runs: {
    readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  };
}

const SELECTION =
  'edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

describe('Behind a proxy that joins repeated keys', () => {
  const runs = randomRuns(200, 13);
  const lists = [
    'statuses: [CREATED, FAILED, CANCELLED]',
    'statuses: [FAILED, FAILED]',
    `agentIds: ["${AGENT_IDS[0]}", "${AGENT_IDS[2]}"]`,
    `agentIds: ["${AGENT_IDS[0]}", "${AGENT_IDS[2]}"], statuses: [COMPLETED, RUNNING], order: ASC`,
    'agentIds: ["agent-of-nobody", "agent-of-nobody-else"]',
  ];

  it.each(lists)('pages of %s are those of a server that is asked directly', async (filter) => {
    await using direct = await startTestGateway({ runs });
    await using joined = await startTestGateway({ runs, rewrite: joinRepeatedKeys });
    let after: string | undefined;
    for (let page = 0; page < 4; page++) {
      const cursor = after === undefined ? '' : `, after: "${after}"`;
      for (const args of [`first: 7${cursor}`, `last: 5${cursor}`]) {
        const operation = `{ runs(${args}, ${filter}) { ${SELECTION} } }`;
        const expected = await execute<Listing, never>(direct.gateway, operation);
        expect(expected.errors).toBeUndefined();
        expect(await execute(joined.gateway, operation)).toEqual(expected);
        if (args.startsWith('first')) after = expected.data?.runs.edges.at(-1)?.cursor ?? after;
      }
    }
  });

  it('what is known about it is not found out again', async () => {
    await using joined = await startTestGateway({ runs, rewrite: joinRepeatedKeys });
    const operation = '{ runs(first: 3, statuses: [CREATED, FAILED]) { nodes { id } } }';
    await execute(joined.gateway, operation);
    joined.upstreamRequests.length = 0;
    await execute(joined.gateway, operation);
    expect(joined.upstreamRequests).toEqual([
      '/v1/runs/?statuses=created&limit=3&order=desc',
      '/v1/runs/?statuses=failed&limit=3&order=desc',
    ]);
  });
});

it('A server that understands repeated keys is asked once, even where no run matches', async () => {
  await using test = await startTestGateway({ runs: randomRuns(20, 2) });
  const nothing = '{ runs(agentIds: ["agent-of-nobody", "agent-of-nobody-else"]) { nodes { id } } }';
  await execute(test.gateway, nothing);
  test.upstreamRequests.length = 0;
  expect(await execute(test.gateway, nothing)).toEqual({ data: { runs: { nodes: [] } } });
  expect(test.upstreamRequests).toHaveLength(1);
});

it('Runs that are deleted in the middle of the probe prove nothing', async () => {
  const [run] = decodeRuns(randomRuns(1, 2));
  const keys: RepeatedKeys = { understood: undefined };
  const answers = [[], [run], [], []];
  const follow = async () => (answers.shift() ?? []) as Run[];
  await followSplitting({ ...QUERY, filter: { agentIds: ['agent-1', 'agent-2'] } }, follow, {
    list: RUN_LIST,
    memory: { repeatedKeys: keys, maxPathBytes: 7_500 },
    understandsRepeatedKeys: () => understandsRepeatedKeys(follow),
  });
  expect(keys.understood).toBeUndefined();
});
