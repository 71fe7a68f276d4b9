import { GatewayError } from '../errors/gateway-error.ts';
import type { Revocation } from '../upstream/credentials.ts';

/** Milliseconds within which streams and connections end when their credentials are revoked, each at a random time. */
const WITHIN_MS = 1_000;

/** Revokes credentials, and ends the streams and connections that were opened with them. */
export class RevocationSource implements Revocation {
  #revoked: GatewayError | undefined;
  readonly #listeners = new Set<(reason: GatewayError) => void>();

  get isRevoked(): boolean {
    return this.#revoked !== undefined;
  }

  onRevoked(listener: (reason: GatewayError) => void): () => void {
    if (this.#revoked !== undefined) listener(this.#revoked);
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  revoke(reason: GatewayError): void {
    this.#revoked ??= reason;
    for (const listener of this.#listeners) {
      const call = (): void => {
        if (this.#listeners.delete(listener)) listener(reason);
      };
      setTimeout(call, Math.random() * WITHIN_MS).unref();
    }
  }
}

/** The reason for callers whose token, or whose router's secret, was removed. */
export const removed = (): GatewayError =>
  new GatewayError('UNAUTHENTICATED', 'The access token, or the secret of the router, is no longer valid.');

/** The reason for callers who may connect again, such as after the API key was replaced. */
export const replaced = (): GatewayError =>
  new GatewayError(
    'SUBSCRIPTION_DRAINED',
    'The gateway was given other credentials. Subscribe again, with `after` if there is a cursor.',
  );
