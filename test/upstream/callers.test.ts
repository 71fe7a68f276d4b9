import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { VERSION } from '../../src/runtime/version.ts';
import { execute } from '../support/execute.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { answerWith, type RawAnswer, startRawUpstream } from '../support/raw-upstream.ts';
import { postJson, TRANSPORTS, type Transport } from '../support/transports.ts';

/** A caller: its token, and perhaps its project, as `token/project`. */
type Name = string;

const headersOf = (name: Name): Record<string, string> => {
  const [token, project] = name.split('/');
  return { authorization: `Bearer ${token}`, ...(project !== undefined && { 'x-project': project }) };
};

/** Answers with runs that name the token and project they were asked with, after a moment. */
function byCaller(head: string): RawAnswer {
  const token = /^authorization: Bearer (\S+)$/im.exec(head)?.[1] ?? 'nobody';
  const project = /^x-project: (\S+)$/im.exec(head)?.[1];
  const name: Name = project === undefined ? token : `${token}/${project}`;
  const limit = Number(/limit=(\d+)/.exec(head)?.[1] ?? 1);
  const runs = Array.from({ length: Math.min(limit, 5) }, (_, index) => ({
    id: `run-0000000${9 - index}-${name}`,
    agent_id: `agent-${name}`,
    created_at: `2025-01-01T00:00:0${9 - index}Z`,
  }));
  return answerWith(200, JSON.stringify(runs));
}

const later: RawAnswer = (socket, request) => {
  const answer = byCaller(request.head);
  setTimeout(() => answer(socket, request), 20);
};

type Listing = { runs: { nodes: { agentId: string }[] } | null };

type Asked = { data: Listing; errors?: { extensions: { code: string } }[] };

describe.each(['listener', 'fetch'] as const)('By %s', (way) => {
  async function ask(transport: Transport, name: Name, first: number, signal?: AbortSignal): Promise<Asked> {
    const body = JSON.stringify({ query: `{ runs(first: ${first}) { nodes { agentId } } }` });
    const response = await postJson(transport, body, headersOf(name), signal);
    return JSON.parse(await response.text());
  }

  describe('callers', () => {
    it('never see rows of one another, with hundreds of identical and similar queries at once, disconnects and faults', async () => {
      const CODES = [
        'UPSTREAM_ERROR',
        'UPSTREAM_UNAVAILABLE',
        'UPSTREAM_INVALID_RESPONSE',
        'UPSTREAM_TIMEOUT',
      ];
      const question = fc.record({
        // Five tokens, each in seven projects and without one.
        name: fc
          .integer({ min: 0, max: 39 })
          .map((n) => (n < 5 ? `t${n}` : `t${n % 5}/p${Math.floor(n / 5)}`)),
        first: fc.integer({ min: 1, max: 4 }),
        leavesAfterMs: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined, freq: 5 }),
      });
      const rounds = propertyRuns(2);
      let faults = 0;
      await using upstream = await startRawUpstream((socket, request) => {
        // Every ninth request fails, in one way or another.
        if (request.number % 9 !== 0) return later(socket, request);
        faults++;
        const ways: RawAnswer[] = [
          answerWith(500, '{}'),
          answerWith(200, '{}'),
          (broken) => broken.destroy(),
        ];
        return ways[faults % ways.length]?.(socket, request);
      });
      await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
      await using transport = await TRANSPORTS[way](gateway);
      let answered = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(question, { minLength: 200, maxLength: 400 }), async (questions) => {
          await Promise.all(
            questions.map(async ({ name, first, leavesAfterMs }) => {
              const controller = new AbortController();
              if (leavesAfterMs !== undefined) setTimeout(() => controller.abort(), leavesAfterMs);
              const answer = await ask(transport, name, first, controller.signal).catch(() => undefined);
              if (answer === undefined) return;
              const { data, errors } = answer;
              if (errors !== undefined && leavesAfterMs === undefined) {
                expect(CODES).toContain(errors[0]?.extensions.code);
              }
              for (const node of data?.runs?.nodes ?? []) expect(node.agentId).toBe(`agent-${name}`);
              answered += data?.runs?.nodes.length ?? 0;
            }),
          );
        }),
        { numRuns: rounds },
      );
      // The property is about something.
      expect(answered).toBeGreaterThan(50 * rounds);
      expect(faults).toBeGreaterThan(2 * rounds);
    });

    it('share one upstream request for identical queries in flight, each caller only with itself', async () => {
      const held: (() => void)[] = [];
      await using upstream = await startRawUpstream((socket, request) => {
        held.push(() => byCaller(request.head)(socket, request));
      });
      await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
      await using transport = await TRANSPORTS[way](gateway);
      let joined = 0;
      /** Sends all, and lets the upstream answer when none is still on its way. */
      const askAtOnce = async (names: readonly Name[], requests: number): Promise<readonly Asked[]> => {
        const answers = names.map((name) => ask(transport, name, 3));
        joined += names.length - requests;
        const metrics = () => gateway.metrics.registry.metrics();
        const text = `runs_gateway_upstream_calls_total{kind="joined"} ${joined}\n`;
        await expect.poll(metrics).toContain(text);
        await expect.poll(() => held.length).toBe(requests);
        for (const answer of held.splice(0)) answer();
        return Promise.all(answers);
      };
      const same = await askAtOnce(Array<Name>(200).fill('one'), 1);
      expect(new Set(same.map((answer) => JSON.stringify(answer))).size).toBe(1);
      await askAtOnce(
        Array.from({ length: 200 }, (_, index) => `t${index % 5}/p${index % 8}`),
        40,
      );
      expect(upstream.heads).toHaveLength(41);
      // Nothing is kept once it is answered.
      upstream.answer = later;
      await ask(transport, 'one', 3);
      expect(upstream.heads).toHaveLength(42);
    });

    it('never get a remembered failure', async () => {
      await using upstream = await startRawUpstream(answerWith(422, '{}'));
      await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
      await using transport = await TRANSPORTS[way](gateway);
      const failed = await Promise.all([ask(transport, 'one', 3), ask(transport, 'one', 3)]);
      expect(failed.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual([
        'UPSTREAM_REJECTED',
        'UPSTREAM_REJECTED',
      ]);
      upstream.answer = later;
      expect((await ask(transport, 'one', 3)).data.runs?.nodes).toHaveLength(3);
    });
  });
});

it('A caller whose credentials look like none is not taken for one without credentials', async () => {
  await using upstream = await startRawUpstream(later);
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
  const body = JSON.stringify({ query: '{ runs(first: 1) { nodes { agentId } } }' });
  const callers = [undefined, 'null', 'undefined', ''].flatMap((authorization) =>
    ['application/json', '*/*'].map((accept) => ({
      accept,
      ...(authorization !== undefined && { authorization }),
    })),
  );
  await using transport = await TRANSPORTS.fetch(gateway);
  await Promise.all(callers.map((headers) => postJson(transport, body, headers)));
  // Callers who differ only in what they accept share a page.
  const shown = upstream.heads.map((head) => /^authorization: (.*)$/im.exec(head)?.[1] ?? 'none at all');
  expect(shown.toSorted()).toEqual(['', 'none at all', 'null', 'undefined']);
});

const PAGES = Array.from(
  { length: 200 },
  (_, n) => `p${n}: runs(first: 1, conversationId: "c${n}") { nodes { id } }`,
).join(' ');
const LOOK_UPS = Array.from(
  { length: 200 },
  (_, n) => `r${n}: run(id: "run-${10_000_000 + n}-0000-4000-8000-000000000000") { id }`,
).join(' ');

it.each([
  ['pages', PAGES, 16],
  ['look-ups', LOOK_UPS, 56],
])('An operation with very many %s leaves room for those of others', async (_what, fields, atOnce) => {
  await using upstream = await startRawUpstream(() => undefined);
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
  await using transport = await TRANSPORTS.fetch(gateway);
  const leaves = new AbortController();
  const many = postJson(transport, JSON.stringify({ query: `{ ${fields} }` }), {}, leaves.signal);
  many.catch(() => undefined);
  await expect.poll(() => upstream.heads.length).toBeGreaterThanOrEqual(atOnce);
  // None of the first has been answered: what they don't leave free, others would wait for.
  upstream.answer = answerWith(200, '[]');
  const other = await postJson(transport, JSON.stringify({ query: '{ runs(first: 1) { nodes { id } } }' }));
  expect(await other.json()).toEqual({ data: { runs: { nodes: [] } } });
  expect(upstream.heads.length).toBe(atOnce + 1);
  leaves.abort();
});

it('A health check says who asks, without credentials or a project', async () => {
  await using upstream = await startRawUpstream(answerWith(200, '{}'));
  const config = { upstreamUrl: upstream.baseUrl, apiKey: 'key', project: 'p' };
  await using gateway = await createGateway(config);
  await gateway.fetch(new Request('http://gateway/ready', { headers: { 'x-project': 'q' } }));
  const [, ...headers] = upstream.heads[0]?.split('\r\n') ?? [];
  expect(headers.filter((line) => !/^(?:host|connection):/i.test(line)).toSorted()).toEqual([
    'accept-encoding: identity',
    'accept: application/json',
    `user-agent: runs-gateway/${VERSION}`,
  ]);
});

describe('Of the headers of a caller', () => {
  it('only those of the table and the id of the request go upstream, with a User-Agent of ours', async () => {
    await using upstream = await startRawUpstream(answerWith(200, '[]'));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    await execute(gateway, '{ runs { nodes { id } } }', undefined, {
      authorization: 'Bearer mine',
      user_id: 'user-00000000-0000-4000-8000-000000000000',
      cookie: 'session=1',
      'x-bare-password': 'password x',
      'x-project': 'p',
      'X-Project-Id': 'project-1',
      'x-tenant': 't',
      'user-agent': 'curl/8',
      'x-request-id': 'mine-1',
    });
    const [, ...headers] = upstream.heads[0]?.split('\r\n') ?? [];
    expect(headers.filter((line) => !/^(?:host|connection):/i.test(line)).toSorted()).toEqual([
      'accept-encoding: identity',
      'accept: application/json',
      'authorization: Bearer mine',
      `user-agent: runs-gateway/${VERSION}`,
      'x-project-id: project-1',
      'x-project: p',
      'x-request-id: mine-1',
    ]);
  });
});
