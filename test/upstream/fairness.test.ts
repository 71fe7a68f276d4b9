import { describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { MAX_ADDRESS_BYTES } from '../../src/upstream/http/request-size.ts';
import { createRestClient } from '../../src/upstream/http/rest-client.ts';
import { credentialsOf } from '../support/credentials.ts';
import { type Answer, execute } from '../support/execute.ts';
import { AGENT_IDS, randomRuns } from '../support/random-runs.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';
import { startTestGateway } from '../support/test-gateway.ts';

type Listing = { runs: { nodes: { id: string }[] } };

const ONE_PAGE = '{ runs(first: 1) { nodes { id } } }';

/** Many pages under aliases, none of which is one of another number. */
function manyPages(number: number): string {
  const page = (n: number) =>
    `p${n}: runs(first: 1, conversationId: "greedy-${number}-${n}") { nodes { id } }`;
  return `{ ${Array.from({ length: 140 }, (_, n) => page(n)).join(' ')} }`;
}

const as = (token: string) => ({ authorization: `Bearer ${token}` });
const ask = (gateway: Gateway, token: string, query = ONE_PAGE): Promise<Answer<Listing>> =>
  execute<Listing, never>(gateway, query, undefined, as(token));

describe('One caller at full speed with 1,400 pages', () => {
  it.each([
    ['callers with credentials of their own', []],
    [
      'callers with access tokens, who share those of the gateway',
      ['greedy', ...Array.from({ length: 20 }, (_, n) => `other-${n}`)],
    ],
  ])('leaves room for others, who are served before it gets any answer: %s', async (_name, accessTokens) => {
    const held: (() => void)[] = [];
    const isGreedy = (head: string): boolean => head.includes('greedy-');
    await using upstream = await startRawUpstream((socket, request) => {
      const release = () => answerWith(200, '[]')(socket, request);
      if (isGreedy(request.head)) held.push(release);
      else release();
    });
    await using gateway = await createGateway({
      upstreamUrl: upstream.baseUrl,
      accessTokens,
      apiKey: 'key',
      upstreamTimeoutMs: 60_000,
    });
    const greedy = Array.from({ length: 10 }, (_, number) => ask(gateway, 'greedy', manyPages(number)));
    await expect.poll(() => held.length).toBeGreaterThanOrEqual(72);

    const others = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(gateway, `other-${n}`)));
    // Served while not one of the greedy caller's requests has been answered, and each on its own.
    expect(others).toEqual(others.map(() => ({ data: { runs: { nodes: [] } } })));
    expect(held).toHaveLength(72);
    expect(upstream.heads.filter((head) => !isGreedy(head))).toHaveLength(20);

    // Its own come to an end as well, never more than its share at a time.
    let done = 0;
    for (const answer of greedy) void answer.then(() => done++);
    let most = 0;
    const releaseAll = (): number => {
      most = Math.max(most, held.length);
      for (const release of held.splice(0)) release();
      return done;
    };
    await expect.poll(releaseAll, { interval: 5 }).toBe(10);
    expect(most).toBe(72);
    expect(upstream.heads.filter(isGreedy)).toHaveLength(1400);
  });
});

describe('Lists of many agents', () => {
  const runs = randomRuns(300, 5);
  const known = AGENT_IDS.slice(0, 3);

  it.each([
    ['500 agents with ids as they usually are', 42],
    ['500 agents with ids as long as they can be', 134],
  ])('are split, for %s, into addresses that every proxy takes', async (_name, length) => {
    const unknown = Array.from({ length: 500 - known.length }, (_, n) => `agent-${n}-`.padEnd(length, 'x'));
    const many = unknown.toSpliced(400, 0, ...known.slice(1)).toSpliced(10, 0, ...known.slice(0, 1));
    const query = (agentIds: readonly string[], args: string) =>
      `{ runs(agentIds: ${JSON.stringify(agentIds)}, ${args}) { nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } } }`;
    await using test = await startTestGateway({ runs });
    for (const args of ['first: 20', 'last: 7', 'first: 5, order: ASC']) {
      const expected = await execute<Listing, never>(test.gateway, query(known, args));
      expect(expected.data?.runs.nodes.length).toBeGreaterThan(0);
      expect(await execute(test.gateway, query(many, args))).toEqual(expected);
    }
    const lengths = test.upstreamRequests.map((address) => address.length);
    expect(Math.max(...lengths)).toBeGreaterThan(MAX_ADDRESS_BYTES / 3);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(MAX_ADDRESS_BYTES + 1);
  });
});

it('An address that is too long is not sent at all', async () => {
  await using upstream = await startRawUpstream(answerWith(200, '[]'));
  await using client = createRestClient({ baseUrl: upstream.baseUrl, timeoutMs: 1000, maxBytes: 1000 });
  const caller = { ...credentialsOf('one'), requestId: undefined };
  const get = (bytes: number) =>
    client.get('x'.repeat(bytes), caller, (body) => body.text(), new AbortController());
  await expect(get(MAX_ADDRESS_BYTES + 1)).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED', status: 414 });
  expect(upstream.heads).toEqual([]);
  expect(await get(MAX_ADDRESS_BYTES)).toBe('[]');
});

describe('A proxy that resets long requests', () => {
  const LONGEST = 8192;
  const start = () =>
    startRawUpstream((socket, request) =>
      request.head.length > LONGEST ? socket.destroy() : answerWith(200, '[]')(socket, request),
    );

  it('is asked in addresses that it takes', async () => {
    await using upstream = await start();
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const agentIds = Array.from({ length: 500 }, (_, n) => `agent-${n}-`.padEnd(134, 'x'));
    const query = `{ runs(agentIds: ${JSON.stringify(agentIds)}) { nodes { id } } }`;
    expect(await ask(gateway, 'one', query)).toEqual({ data: { runs: { nodes: [] } } });
  });

  it('opens the breaker for nobody, whatever credentials a caller makes up', async () => {
    await using upstream = await start();
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    for (let round = 0; round < 30; round++) {
      const { errors } = await ask(gateway, `${round}${'x'.repeat(9000)}`);
      expect(errors?.[0]?.extensions?.['code']).toBe('UPSTREAM_UNAVAILABLE');
    }
    // Not asked again either, which would use up the retries of all.
    expect(upstream.heads).toHaveLength(30);
    const others = await Promise.all(Array.from({ length: 30 }, (_, n) => ask(gateway, `other-${n}`)));
    expect(others).toEqual(others.map(() => ({ data: { runs: { nodes: [] } } })));
  });
});
