import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { whyUnreachable } from '../../errors/connection-failures.ts';
import type { Report } from '../gateway-client/run-client.ts';
import { dispatcherFor } from './webhook.ts';

const RECEIVER = { server: 'its server', address: '--heartbeat', authority: 'NODE_EXTRA_CA_CERTS' };
/** Milliseconds between requests, and between checks of `isWell` while it is false. */
const INTERVAL_MS = 60_000;
const TICK_MS = 1_000;
const TIMEOUT_MS = 10_000;

/** Requests a URL every minute while all is well. A monitoring service notices when the requests stop. */
export async function beat(
  url: string,
  proxy: string | undefined,
  isWell: () => boolean,
  report: Report,
): Promise<never> {
  const dispatcher = dispatcherFor(proxy);
  for (let ms = 0; ; await sleep(ms, undefined, { ref: false })) {
    const isAsked = isWell();
    ms = isAsked ? INTERVAL_MS : TICK_MS;
    if (!isAsked) continue;
    try {
      const { statusCode, body } = await request(url, {
        dispatcher,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      body.dump().catch(() => undefined);
      if (statusCode >= 300) report(`--heartbeat: it answered ${statusCode}`);
    } catch (error) {
      report(`--heartbeat: it can't be reached: ${whyUnreachable(error, RECEIVER)}`);
    }
  }
}
