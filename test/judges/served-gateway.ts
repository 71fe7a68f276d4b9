import { listen } from '../../src/http/listen.ts';
import { liveRun } from '../support/live-runs.ts';
import type { OpenGatewayOptions } from '../support/open-gateway.ts';
import { openListening } from '../support/open-listening.ts';

/** A gateway on a port of loopback over runs that tests change, for those who judge it from outside. */
export async function serveGateway({
  drainTimeoutMs = 1000,
  ...options
}: OpenGatewayOptions & { readonly drainTimeoutMs?: number }) {
  await using starting = new AsyncDisposableStack();
  const first = starting.use(await openListening({ runs: [liveRun(1)], ...options }, { drainTimeoutMs }));
  const { store, upstream, another } = first;
  let { gateway, listener } = first;
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
    polled: () => first.polled(),
    url,
    graphql: `${url}/graphql`,
    gateway: () => gateway,
    metrics: () => gateway.metrics.registry.metrics(),
    stop,
    /** Starts another gateway in place of the one that was stopped. */
    async start(): Promise<void> {
      await gateway[Symbol.asyncDispose]();
      gateway = await another();
      listener = await listen(gateway, {
        host: '127.0.0.1',
        port: Number(new URL(url).port),
        drainTimeoutMs,
      });
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

export type ServedGateway = Awaited<ReturnType<typeof serveGateway>>;
