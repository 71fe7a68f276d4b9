import type { Config } from '../../src/config/gateway-settings.ts';
import type { Gateway } from '../../src/gateway-options.ts';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/listen.ts';

/** A gateway on a free port of loopback. */
export interface ListeningGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string;
}

/** @param config without an `upstreamUrl` it has the sample runs */
export async function startListening(config: Partial<Config> = {}): Promise<ListeningGateway> {
  await using starting = new AsyncDisposableStack();
  const gateway = starting.use(await createGateway(config));
  const { url } = starting.use(await listen(gateway, { host: '127.0.0.1', port: 0 }));
  const parts = starting.move();
  return { gateway, url, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
