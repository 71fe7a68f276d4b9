import { expect } from 'vitest';
import { listen } from '../../src/http/server/listen.ts';
import { openGateway, type OpenGatewayOptions } from '../support/open-gateway.ts';

/** A gateway on a port of loopback over runs that tests change, for those who judge it from outside. */
export async function serveGateway({
  drainTimeoutMs = 1000,
  ...options
}: OpenGatewayOptions & { readonly drainTimeoutMs?: number } = {}) {
  await using starting = new AsyncDisposableStack();
  const { store, upstream, another, ...test } = starting.use(await openGateway(options));
  let { gateway } = test;
  let listener = await listen(gateway, { host: '127.0.0.1', port: 0, drainTimeoutMs });
  const { url } = listener;
  const stop = () => listener[Symbol.asyncDispose]();
  starting.defer(async () => {
    await stop();
    await gateway[Symbol.asyncDispose]();
  });
  const parts = starting.move();
  return {
    store,
    upstream,
    url,
    graphql: `${url}/graphql`,
    gateway: () => gateway,
    metrics: () => gateway.metrics.registry.metrics(),
    /** Waits until those who watch a list know what is there: until its second poll from now on has begun. */
    async polled(): Promise<void> {
      const before = upstream.requests.length;
      const polls = () => upstream.urls.slice(before).filter((path) => path.includes('active=true')).length;
      await expect.poll(polls).toBeGreaterThanOrEqual(2);
    },
    stop,
    /** Starts another gateway in place of the one that was stopped. */
    async start(): Promise<void> {
      await gateway[Symbol.asyncDispose]();
      gateway = await another();
      const port = Number(new URL(url).port);
      listener = await listen(gateway, { host: '127.0.0.1', port, drainTimeoutMs });
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

export type ServedGateway = Awaited<ReturnType<typeof serveGateway>>;
