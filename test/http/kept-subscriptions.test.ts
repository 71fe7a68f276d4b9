import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { startTestGateway } from '../support/test-gateway.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
const MIB = 1024 * 1024;

const RUN = {
  id: 'run-00000000-0000-4000-8000-000000000001',
  agent_id: 'agent-00000000-0000-4000-8000-000000000001',
  status: 'running' as const,
  created_at: '2026-01-01T00:00:00Z',
};

const subscribe = (query: string, variables: object, name = 'one'): Request =>
  new Request('http://gateway/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${name}`,
    },
    body: JSON.stringify({ query, variables }),
  });

it('A subscription keeps nothing of a request but what its operation uses', async () => {
  await using server = await startTestGateway({ runs: [RUN] });
  const query = `subscription { runUpdates(id: "${RUN.id}") { status } }`;
  const open = async (index: number): Promise<AsyncIterator<Uint8Array>> => {
    const junk = `${index}`.padEnd(900_000, 'x');
    const response = await server.gateway.fetch(subscribe(query, { junk, list: [junk.slice(0, 10)] }));
    expect(response.status).toBe(200);
    const events = (response.body ?? expect.unreachable())[Symbol.asyncIterator]();
    for (let text = ''; !text.includes('RUNNING');) {
      const { value } = await events.next();
      text += Buffer.from(value ?? expect.unreachable()).toString();
    }
    return events;
  };
  const streams = [await open(0)];
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let index = 1; index <= 40; index++) streams.push(await open(index));
  collectGarbage();
  // It was 36 MB of variables, and as much of keys.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 * MIB);
  for (const events of streams) await events.return?.();
});

it('What subscriptions keep is entered in the account: whoever keeps too much is refused, or ends for others', async () => {
  await using server = await startTestGateway({ runs: [RUN], config: { memoryBudget: 16 * MIB } });
  const { metrics } = server.gateway;
  const held = async (): Promise<number> =>
    Number(/held_bytes\{kind="stream"\} (\d+)/.exec(await metrics.registry.metrics())?.[1]);
  const updates = `{ runUpdates(id: "${RUN.id}") { status } }`;
  const long = (index: number): string => `subscription ${updates} # ${'x'.repeat(90_000)} ${index}`;
  const responses: Response[] = [];
  let refused: Response | undefined;
  while (refused === undefined && responses.length < 200) {
    const response = await server.gateway.fetch(subscribe(long(responses.length), {}, 'greedy'));
    if (response.status === 200) responses.push(response);
    else refused = response;
  }
  expect(responses.length).toBeLessThan(100);
  expect(await held()).toBeGreaterThan(15 * MIB);
  expect(refused?.status).toBe(503);
  expect(refused?.headers.get('retry-after')).toBe('1');
  expect(await refused?.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });
  // One more caller: a stream of the one who keeps most ends, and says why.
  const other = await server.gateway.fetch(subscribe(long(1), {}, 'modest'));
  expect(other.status).toBe(200);
  const ended = await Promise.any(
    responses.map(async (response) => {
      const text = await response.text();
      expect(text).toContain('OVERLOADED');
      return text;
    }),
  );
  expect(ended).toContain('"retryable":true');
  server.gateway.startDraining(0);
  await other.text();
  expect(await held()).toBe(0);
});
