import { createHmac } from 'node:crypto';
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici';
import { whyUnreachable } from '../../errors/connection-failures.ts';
import { VERSION } from '../../runtime/package-version.ts';
import { readRetryAfter } from '../../upstream/http/retry-after.ts';
import { bodyOf, type FormOptions } from './forms.ts';
import type { Notice } from './notice.ts';
import type { Failure } from './outbox.ts';
import type { WatchConfig } from './settings.ts';

const RECEIVER = { server: 'the receiver', address: '--webhook', authority: 'NODE_EXTRA_CA_CERTS' };
/** Statuses by which a receiver refuses this very notice: sending it again would not help. */
const REFUSALS: ReadonlySet<number> = new Set([400, 404, 410, 413, 422]);
/** Milliseconds for an attempt as a whole. */
const TIMEOUT_MS = 10_000;

/** Sends a notice. @param agentName of its run. @returns undefined once it is delivered */
export type Deliver = (notice: Notice, agentName: string | undefined) => Promise<Failure | undefined>;

/** Sends notices by POST, each on its own. Any 2xx delivers a notice; redirects are not followed. */
export function createWebhook(
  options: FormOptions & Pick<WatchConfig, 'webhookSecret'>,
  proxy: string | undefined,
): Deliver {
  const { webhook, webhookSecret } = options;
  const dispatcher = dispatcherFor(proxy);
  return async (notice, agentName) => {
    const body = JSON.stringify(bodyOf(notice, agentName, options));
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signed = `${notice.id}.${timestamp}.${body}`;
    try {
      const response = await request(webhook, {
        dispatcher,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': `runs-gateway/${VERSION}`,
          'webhook-id': notice.id,
          'webhook-timestamp': timestamp,
          ...(webhookSecret !== undefined && { 'webhook-signature': signatureOf(signed, webhookSecret) }),
        },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      response.body.dump().catch(() => undefined);
      const { statusCode, headers } = response;
      if (statusCode >= 200 && statusCode < 300) return undefined;
      const isRefusal = REFUSALS.has(statusCode);
      const retryAfterMs = readRetryAfter(headers);
      return { message: `the receiver answered ${statusCode}`, retryAfterMs, isRefusal };
    } catch (error) {
      return { message: `the receiver can't be reached: ${whyUnreachable(error, RECEIVER)}` };
    }
  };
}

/** Returns the connections to a receiver, through a proxy if there is one. */
export function dispatcherFor(proxy: string | undefined): Dispatcher {
  return proxy === undefined ? new Agent() : new ProxyAgent(proxy);
}

/** The signature of Standard Webhooks by a shared secret. */
function signatureOf(signed: string, secret: string): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
