import { type ListenOptions } from '../../src/http/listen-options.ts';
import { listen } from '../../src/http/listen.ts';
import { openGateway, type OpenGatewayOptions } from './open-gateway.ts';

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
  return {
    ...opened,
    /** Disposing it drains. */
    listener,
    url: listener.url,
    /** The value of a gauge or counter without labels, as `/metrics` has it. */
    async metric(name: string) {
      const text = await opened.gateway.metrics.registry.metrics();
      return Number(new RegExp(`^runs_gateway_${name} (\\d+)`, 'm').exec(text)?.[1]);
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
