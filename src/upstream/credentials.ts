/** The key of the gateway's own requests, such as health checks: no caller waits for them, or they for one. */
export const GATEWAY_ITSELF = Symbol('gateway');

/**
 * Identifies a caller among all others: by what it was authorized with, so it may be a secret and is
 * never logged. Null is everybody without credentials of their own, together.
 */
export type CallerKey = string | symbol | null;

/** Who sends a request, and with what it goes upstream. */
export interface Credentials {
  readonly callerKey: CallerKey;
  /** The `Authorization` header for the upstream, or null for none. The same for all requests of one caller. */
  readonly authorization: string | null;
}
