import { type ListenOptions } from '../../src/http/listen-options.ts';
import { listen, type Listener } from '../../src/http/listen.ts';
import { type OpenGateway, openGateway, type OpenGatewayOptions } from './open-gateway.ts';

/** A gateway on a port of loopback over a runs API in process. */
export interface OpenListening extends OpenGateway {
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Disposing it drains. */
  readonly listener: Listener;
  /** The value of a gauge or counter without labels, as `/metrics` has it. */
  readonly metric: (name: string) => Promise<number>;
}

/** @param options those of `listen` apply to the listener, and the others to the gateway */
export async function openListening(
  options: OpenGatewayOptions = {},
  listening: ListenOptions = {},
): Promise<OpenListening> {
  await using opening = new AsyncDisposableStack();
  const opened = opening.use(await openGateway(options));
  const listener = opening.use(
    await listen(opened.gateway, { host: '127.0.0.1', port: 0, drainTimeoutMs: 100, ...listening }),
  );
  const parts = opening.move();
  return {
    ...opened,
    listener,
    url: listener.url,
    async metric(name) {
      const text = await opened.gateway.metrics.registry.metrics();
      return Number(new RegExp(`^runs_gateway_${name} (\\d+)`, 'm').exec(text)?.[1]);
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
