import { expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { startTestGateway } from '../support/test-gateway.ts';

const MEBIBYTE = 1024 * 1024;
const json = { 'content-type': 'application/json' };
const EVENTS = JSON.stringify({ query: 'subscription { runEvents { kind } }' });

function request(body: BodyInit, headers: Readonly<Record<string, string>> = {}): Request {
  const duplex = body instanceof ReadableStream ? { duplex: 'half' as const } : {};
  return new Request('http://gateway/graphql', {
    method: 'POST',
    headers: { ...json, ...headers },
    body,
    ...duplex,
  });
}

it.each(['before it is read', 'after its first event'])(
  'A stream that is cancelled %s ends, and holds nothing any more',
  async (when) => {
    await using test = await startTestGateway();
    const metrics = () => test.gateway.metrics.registry.metrics();
    const response = await test.gateway.fetch(request(EVENTS, { accept: 'text/event-stream' }));
    await expect.poll(metrics).toContain('runs_gateway_subscriptions 1');
    if (when === 'before it is read') {
      await response.body?.cancel();
    } else {
      const reader = response.body?.getReader();
      await reader?.read();
      await reader?.cancel();
    }
    await expect.poll(metrics).toContain('runs_gateway_subscriptions 0');
    expect((await metrics()).match(/held_bytes\{.*\} 0$/gm)).toHaveLength(4);
  },
);

it('Bodies that come without a connection are entered while they come, and refused beyond the budget', async () => {
  await using gateway = await createGateway({
    upstreamUrl: 'http://127.0.0.1:1',
    memoryBudget: 16 * MEBIBYTE,
  });
  const started: ReadableStreamDefaultController[] = [];
  const part = new Uint8Array(MEBIBYTE - 1).fill(32);
  const statuses: number[] = [];
  for (let count = 0; count < 40; count++) {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(part);
        started.push(controller);
      },
    });
    void gateway.fetch(request(body)).then(({ status }) => statuses.push(status));
  }
  await expect.poll(() => statuses).toHaveLength(24);
  expect(new Set(statuses)).toEqual(new Set([503]));
  expect(await gateway.metrics.registry.metrics()).toMatch(/held_bytes\{kind="input"\} 16777200$/m);
  for (const controller of started.slice(0, 16)) controller.close();
  await expect.poll(() => statuses).toHaveLength(40);
  expect(await gateway.metrics.registry.metrics()).toMatch(/held_bytes\{kind="input"\} 0$/m);
});
