import type { Config } from '../../src/config/gateway-settings.ts';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/listen.ts';

/** A gateway on a free port of loopback. @param config without an `upstreamUrl` it has the sample runs */
export async function startListening(config: Partial<Config> = {}) {
  await using starting = new AsyncDisposableStack();
  const gateway = starting.use(await createGateway(config));
  const { url } = starting.use(await listen(gateway, { host: '127.0.0.1', port: 0 }));
  const parts = starting.move();
  return { gateway, url, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
