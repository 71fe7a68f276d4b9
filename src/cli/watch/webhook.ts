import { createHmac } from 'node:crypto';
import { Agent, ProxyAgent, request } from 'undici';
import { VERSION } from '../../runtime/package-version.ts';
import { readRetryAfter } from '../../upstream/http/status-error.ts';
import type { Send } from './outbox.ts';

/** Milliseconds for an attempt as a whole. */
const TIMEOUT_MS = 10_000;

interface WebhookOptions {
  readonly url: string;
  /** In the form of Standard Webhooks: `whsec_` and base64. */
  readonly secret: string | undefined;
  readonly proxy: string | undefined;
}

/**
 * Sends notices by POST, each on its own. Any answer of 2xx delivers a notice; redirects are not followed.
 *
 * @param bodyOf returns the body as JSON will have it
 */
export function createWebhook(
  { url, secret, proxy }: WebhookOptions,
  bodyOf: (notice: Parameters<Send>[0]) => object,
): Send {
  const dispatcher = proxy === undefined ? new Agent() : new ProxyAgent(proxy);
  return async (notice) => {
    const body = JSON.stringify(bodyOf(notice));
    const timestamp = String(Math.floor(Date.now() / 1000));
    try {
      const response = await request(url, {
        dispatcher,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': `runs-gateway/${VERSION}`,
          'webhook-id': notice.id,
          'webhook-timestamp': timestamp,
          ...(secret !== undefined && {
            'webhook-signature': signatureOf(`${notice.id}.${timestamp}.${body}`, secret),
          }),
        },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      response.body.dump().catch(() => undefined);
      const { statusCode, headers } = response;
      if (statusCode >= 200 && statusCode < 300) return undefined;
      return { message: `the receiver answered ${statusCode}`, retryAfterMs: readRetryAfter(headers) };
    } catch (error) {
      const { message, code } = Object(error);
      return { message: `the receiver can't be reached: ${message || code}` };
    }
  };
}

/** The signature of Standard Webhooks, by a shared secret. */
function signatureOf(signed: string, secret: string): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
