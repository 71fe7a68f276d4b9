import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../../../src/gateway-options.ts';
import { ask, type Caller, codeOf } from '../../support/ask.ts';
import { settle } from '../../support/clock.ts';
import type { Answer } from '../../support/execute.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';
import type { UpstreamAnswer } from '../../support/scripted-upstream.ts';

interface Held {
  readonly first: number;
  readonly end: () => void;
}

const SERVED = { data: { runs: { nodes: [] } } };
const page = (first = 1): string => `{ runs(first: ${first}) { nodes { id } } }`;
const codesOf = (answers: readonly Answer<unknown>[]): readonly unknown[] => answers.map(codeOf);
const served = (times: number): readonly string[] => Array.from({ length: times }, () => 'served');

/** An upstream that holds requests until the test ends them, or only those for a conversation. */
async function open(config: GatewayOptions = {}, onlyHolds?: 'conversations') {
  const held: Held[] = [];
  const order: Caller[] = [];
  const opened = await openGatewayOver(
    ({ headers, query }) => {
      const [token = ''] = /[^ ]+$/.exec(headers.authorization ?? '') ?? [];
      const project = headers['x-project'];
      order.push(project === undefined ? token : `${token}/${String(project)}`);
      if (onlyHolds !== undefined && !query.has('conversation_id')) return { body: [] };
      const { promise, resolve } = Promise.withResolvers<UpstreamAnswer>();
      held.push({ first: Number(query.get('limit')), end: () => resolve({ body: [] }) });
      return promise;
    },
    { upstreamTimeoutMs: 600_000, ...config },
  );
  const askOne = (caller: Caller, query = page(), signal?: AbortSignal) =>
    ask(opened.gateway, caller, query, signal);
  /** Sends a query of each of these callers, one after the other, all of which differ. */
  const askAll = async (callers: readonly Caller[]) => {
    const answers: Promise<Answer<unknown>>[] = [];
    for (const [index, caller] of callers.entries()) {
      answers.push(askOne(caller, page(index + 1)));
      await settle();
    }
    return answers;
  };
  /** Ends the requests in flight, in the order in which they came, until there are none. */
  const endAll = async (): Promise<number> => {
    let most = 0;
    while (held.length > 0) {
      most = Math.max(most, held.length);
      for (const { end } of held.splice(0)) end();
      await settle();
    }
    return most;
  };
  return { ...opened, held, order, ask: askOne, askAll, endAll };
}

/** Many pages under aliases, none of which is a page of another query. */
function manyPages(number: number, count = 140): string {
  const one = (n: number) => `p${n}: runs(first: 1, conversationId: "${number}-${n}") { nodes { id } }`;
  return `{ ${Array.from({ length: count }, (_, n) => one(n)).join(' ')} }`;
}

describe('UPSTREAM_MAX_IN_FLIGHT with one caller of 1,400 pages', () => {
  const others = Array.from({ length: 20 }, (_, n) => `other-${n}`);
  it.each<[string, readonly Caller[], GatewayOptions]>([
    ['with credentials of its own', ['greedy'], {}],
    ['in many projects', ['greedy', 'greedy/a', 'greedy/b', 'greedy/c'], {}],
    ['with an access token', ['greedy'], { accessTokens: ['greedy', ...others], apiKey: 'key' }],
  ])('gives the caller half of it: %s', async (_name, names, config) => {
    await using test = await open(config, 'conversations');
    const greedy = Array.from({ length: 10 }, (_, number) =>
      test.ask(names[number % names.length] ?? '', manyPages(number)),
    );
    // Long documents wait for their turns.
    await expect.poll(() => test.held).toHaveLength(48);
    await settle();
    expect(test.held).toHaveLength(48);

    expect(await Promise.all(others.map((name) => test.ask(name)))).toEqual(others.map(() => SERVED));
    expect(test.held).toHaveLength(48);

    // Its own come to an end as well, never more than its share at a time.
    expect(await test.endAll()).toBe(48);
    expect(codesOf(await Promise.all(greedy))).toEqual(served(10));
    expect(test.upstream.requests.filter(({ query }) => query.has('conversation_id'))).toHaveLength(1400);
  });

  it('leaves the caller room for its other operations', async () => {
    await using test = await open();
    const greedy = test.ask('one', manyPages(0));
    await settle();
    expect(test.held).toHaveLength(16);
    const other = test.ask('one');
    await settle();
    expect(test.held).toHaveLength(17);
    test.held.at(-1)?.end();
    expect(await other).toEqual(SERVED);
    await test.endAll();
    await greedy;
  });
});

describe('UPSTREAM_MAX_IN_FLIGHT with callers who wait', () => {
  it.each([
    ['whoever has more waiting', 'a a a a a a b b c', 'a a b c a b a a a'],
    ['with all their projects together', 'a/1 a/1 a/1 a/2 b b', 'a/1 a/1 b a/1 b a/2'],
  ])('lets them take turns, %s, each in its own order', async (_name, sent, expected) => {
    await using test = await open({ upstreamMaxInFlight: 1 });
    const callers = sent.split(' ');
    const answers = await test.askAll(callers);
    const firsts = new Map<Caller, number[]>();
    for (let n = 0; n < callers.length; n++) {
      expect(test.held).toHaveLength(1);
      for (const { first, end } of test.held.splice(0)) {
        const caller = test.order.at(-1) ?? '';
        firsts.set(caller, [...(firsts.get(caller) ?? []), first]);
        end();
      }
      await settle();
    }
    expect(test.order.join(' ')).toBe(expected);
    for (const own of firsts.values()) expect(own).toEqual(own.toSorted((a, b) => a - b));
    expect(codesOf(await Promise.all(answers))).toEqual(served(callers.length));
  });

  it('lets eight wait for each request; beyond that, the last ones of who has most are refused', async () => {
    await using test = await open({ upstreamMaxInFlight: 1 });
    const names = Array.from({ length: 20 }, (_, n) => `made-up-${n}`);
    const asked = await test.askAll([...'a a a a a a a a a a b b'.split(' '), ...names]);
    await test.endAll();
    const answers = await Promise.all(asked);
    expect(codesOf(answers.slice(0, 2))).toEqual(served(2));
    expect(codesOf(answers.slice(2, 10))).toEqual(Array.from({ length: 8 }, () => 'UPSTREAM_UNAVAILABLE'));
    // Nor are there more of them under made-up names.
    expect(codesOf(answers).filter((code) => code === 'served')).toHaveLength(1 + 8);
    const told = { retryable: true, retryAfterSeconds: 1 };
    expect(answers[9]?.errors?.[0]?.extensions).toMatchObject(told);
  });

  it('never sends what a client has left, which makes room for others', async () => {
    await using test = await open({ upstreamMaxInFlight: 1 });
    const first = test.ask('a');
    await settle();
    const client = new AbortController();
    const left = Array.from({ length: 8 }, (_, n) => test.ask('b', page(n + 1), client.signal));
    await settle();
    client.abort();
    await Promise.allSettled(left);
    const others = await test.askAll(Array.from({ length: 8 }, () => 'c'));
    await test.endAll();
    expect(codesOf(await Promise.all([first, ...others]))).toEqual(served(9));
    expect(test.order).not.toContain('b');
  });
});
