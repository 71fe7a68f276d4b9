import { expect } from 'vitest';
import { type ListenOptions } from '../../src/http/listen-options.ts';
import { listen } from '../../src/http/listen.ts';
import { openGateway, type OpenGatewayOptions } from './open-gateway.ts';
import { openSocket } from './raw-socket.ts';

export type OpenListening = Awaited<ReturnType<typeof openListening>>;

/**
 * A gateway on a port of loopback over a runs API in process.
 *
 * @param options those of `listen` apply to the listener, and the others to the gateway
 */
export async function openListening(options: OpenGatewayOptions = {}, listening: ListenOptions = {}) {
  await using opening = new AsyncDisposableStack();
  const opened = opening.use(await openGateway(options));
  const listener = opening.use(
    await listen(opened.gateway, { host: '127.0.0.1', port: 0, drainTimeoutMs: 100, ...listening }),
  );
  const parts = opening.move();
  const graphql = `${listener.url}/graphql`;
  const metrics = () => opened.gateway.metrics.registry.metrics();
  const polls = (): number => opened.upstream.urls.filter((url) => url.includes('active=true')).length;
  return {
    ...opened,
    /** Disposing it drains. */
    listener,
    url: listener.url,
    /** The address of GraphQL. */
    graphql,
    metrics,
    /** The value of a gauge or counter without labels, as `/metrics` has it. */
    async metric(name: string) {
      return Number(new RegExp(`^runs_gateway_${name} (\\d+)`, 'm').exec(await metrics())?.[1]);
    },
    /** Waits until those who watch a list know what is there: until its second poll since this one has begun. */
    async polled(since = polls()): Promise<void> {
      await expect.poll(polls).toBeGreaterThanOrEqual(since + 2);
    },
    /** A WebSocket that the gateway has accepted. @param init the payload of `connection_init` */
    async connect(init: object = {}, headers = {}) {
      const socket = parts.use(await openSocket(graphql, init, headers));
      expect(await socket.next()).toEqual({ type: 'connection_ack' });
      return socket;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
