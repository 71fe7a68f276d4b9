import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ask, codeOf, headersOf } from '../../support/ask.ts';
import { settle, stopClock } from '../../support/clock.ts';
import { openGateway, openGatewayOver } from '../../support/open-gateway.ts';
import { AGENT_IDS, randomRuns } from '../../support/random-runs.ts';
import type { UpstreamAnswer } from '../../support/scripted-upstream.ts';

const COST_PAGE = readFileSync('docs/cost.md', 'utf8');

describe('MAX_COST', () => {
  it('refuses what costs more before anything is asked upstream, and says why', async () => {
    await using test = await openGateway({ runs: randomRuns(5, 1), config: { maxCost: 110 } });
    const query =
      'query ($n: Int) { few: runs(first: 1) { nodes { id } } many: runs(first: $n) { nodes { id } } }';
    expect(await test.execute(query, { n: 100 })).toEqual({
      errors: [
        {
          message:
            'The operation costs 111, but the limit is 110. The most expensive field is many.nodes, with 100. Request fewer rows at once.',
          locations: [{ line: 1, column: 1 }],
          extensions: {
            code: 'COST_LIMIT_EXCEEDED',
            cost: 111,
            maxCost: 110,
            field: 'many.nodes',
            retryable: false,
            requestId: expect.any(String),
          },
        },
      ],
    });
    expect(test.upstream.requests).toEqual([]);
    expect(await test.execute(query, { n: 99 })).not.toHaveProperty('errors');
  });

  it('goes by the variables of each request, whatever others came before', async () => {
    await using test = await openGateway({ runs: randomRuns(5, 1), config: { maxCost: 420 } });
    const query =
      'query ($a: Int, $b: Int) { runs(first: $a) { nodes { agent { name } } } x: runs(first: $b) { nodes { id } } }';
    const codes = [];
    for (const variables of [
      { a: 140, b: 0 },
      { a: 1, b: 400 },
      { a: 140, b: 0 },
      { a: 14, b: 0 },
    ])
      codes.push(codeOf(await test.execute(query, variables)));
    expect(codes).toEqual(['COST_LIMIT_EXCEEDED', 'served', 'COST_LIMIT_EXCEEDED', 'served']);
  });

  it.each([true, false])(
    'bounds the values of an answer as docs/cost.md says, however they are made (row copying: %s)',
    async (rowCopying) => {
      const [, documented] = /values that it asks for.*\| ([\d,]+) with the default/.exec(COST_PAGE) ?? [];
      const limit = Number(documented?.replace(',', ''));
      await using test = await openGateway({ runs: randomRuns(5, 1), config: { rowCopying } });
      // A list, and for each of its rows an object with so many fields.
      const askFor = (values: number) => {
        const fields = Array.from({ length: (values - 1) / 1000 - 1 }, (_, n) => `a${n}: id`);
        return test.execute(`{ runs(first: 1000) { nodes { ${fields.join(' ')} } } }`);
      };
      expect(codeOf(await askFor(limit - 999))).toBe('served');
      expect(codeOf(await askFor(limit + 1))).toBe('OPERATION_TOO_LARGE');
    },
  );

  it('graphql-cost-debug shows a client the cost of each field', async () => {
    await using test = await openGateway({ runs: randomRuns(5, 1) });
    const query = `{ runs(first: 2) { nodes { id agent { runs(first: 3) { nodes { id } } } } pageInfo { hasNextPage } } node(id: "${AGENT_IDS[0]}") { id } }`;
    const debug = { 'graphql-cost-debug': '1' };
    expect(await test.execute(query, {}, debug)).toHaveProperty('extensions', {
      cost: {
        estimated: 28,
        fields: {
          'runs.nodes.agent.runs': 10,
          'runs.nodes.agent.runs.nodes': 6,
          runs: 5,
          'runs.nodes': 2,
          'runs.nodes.agent': 2,
          node: 2,
          'runs.pageInfo': 1,
        },
      },
    });
    expect(await test.execute(query)).not.toHaveProperty('extensions');
  });
});

describe('The limit of the cost of operations under way', () => {
  /** A gateway whose operations end when the test says so. Each costs 5, and 1 for each row. */
  const open = async (maxCostUnderWay: number) => {
    const held = new Map<string, (answer: UpstreamAnswer) => void>();
    const opened = await openGatewayOver(
      ({ headers, query }) =>
        new Promise((resolve) => {
          held.set(`${headers.authorization?.slice(7)} ${query.get('limit')}`, resolve);
        }),
      { operationTimeoutMs: 600_000, upstreamTimeoutMs: 600_000, upstreamMaxInFlight: 1000 },
      { maxCostUnderWay },
    );
    const send = (caller: string, rows: number, signal?: AbortSignal) =>
      ask(opened.gateway, caller, `{ runs(first: ${rows}) { nodes { id } } }`, signal).then(codeOf);
    const end = async (name: string): Promise<void> => {
      held.get(name)?.({ body: [] });
      held.delete(name);
      await settle();
    };
    return { ...opened, held, send, end };
  };

  it('holds a caller at half of it, and serves others', async () => {
    await using test = await open(1000);
    const own = [95, 96, 97, 98, 99, 100, 101].map((rows) => test.send('greedy', rows));
    const other = test.send('other', 95);
    await settle();
    expect([...test.held.keys()]).toEqual([...[95, 96, 97, 98].map((rows) => `greedy ${rows}`), 'other 95']);
    await test.end('other 95');
    expect(await other).toBe('served');
    for (const rows of [95, 96, 97, 98, 99, 100, 101]) await test.end(`greedy ${rows}`);
    expect(new Set(await Promise.all(own))).toEqual(new Set(['served']));
  });

  it('lets no operation be overtaken for ever by cheaper ones of others', async () => {
    await using test = await open(100);
    const light = Array.from({ length: 100 }, (_, n) => test.send(`light-${n % 9}`, 1 + (n % 20)));
    await settle();
    const heavy = test.send('heavy', 995);
    let rounds = 0;
    // Enough for one turn of each of the nine others.
    for (; !test.held.has('heavy 995') && rounds < 6; rounds++) {
      for (const name of [...test.held.keys()].slice(0, 4)) await test.end(name);
    }
    expect(test.held.has('heavy 995')).toBe(true);
    expect(rounds).toBeGreaterThan(0);
    for (let n = 0; n < 50; n++) for (const name of test.held.keys()) await test.end(name);
    expect(await heavy).toBe('served');
    expect(new Set(await Promise.all(light))).toEqual(new Set(['served']));
  });

  it('lets 5,000 operations wait; beyond that, those of the caller with the most are refused', async () => {
    const clock = stopClock();
    await using test = await open(10);
    const query = 'query ($id: ID) { runs(first: 1, agentId: $id) { nodes { id } } }';
    const own = Array.from({ length: 5_010 }, (_, n) =>
      test.execute(query, { id: `agent-${n}` }, headersOf('greedy')),
    );
    const refused = await clock.until(Promise.race(own));
    expect(refused.errors?.[0]?.extensions).toMatchObject({
      code: 'OVERLOADED',
      retryable: true,
      retryAfterSeconds: 1,
    });
    const other = test.send('other', 1);
    await settle();
    await test.end('other 1');
    expect(await other).toBe('served');
  });
});
