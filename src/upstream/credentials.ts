import type { GatewayError } from '../errors/gateway-error.ts';

/** The key of requests of the gateway itself, such as health checks, which share no queue with callers. */
export const GATEWAY_ITSELF = 'gateway';

/** Identifies a caller, or an account, without secrets: a digest in hexadecimal digits, or a name as `GATEWAY_ITSELF`. */
export type CallerKey = string;

/** Who sends a request upstream, and with what. */
export interface UpstreamCaller {
  /**
   * Everything that decides what the caller sees: the access token, and every header that goes upstream,
   * absent headers included. Callers with different keys share no response, poller, failure or state.
   */
  readonly callerKey: CallerKey;
  /**
   * The credentials of the caller, one account for all its projects. It pays for the caller, so that naming another project
   * gains no allowance.
   */
  readonly account: CallerKey;
  /** The headers for the upstream, by names in lower case. The same for all requests of one caller. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Who sends a request, and what it may do. */
export interface Credentials extends UpstreamCaller {
  /** The label of the access token, for the log and the metrics: no secret. Undefined without a token. */
  readonly label: string | undefined;
  /** Whether mutations are refused. */
  readonly isReadOnly: boolean;
  /** Reports when the credentials are revoked; undefined if they can't be. */
  readonly revocation: Revocation | undefined;
}

export interface Revocation {
  /** Whether the credentials no longer count. */
  readonly isRevoked: boolean;
  /**
   * Calls a listener when the credentials are revoked: at once if it is already, else within a second.
   *
   * @returns a function that stops waiting for it
   */
  onRevoked(listener: (reason: GatewayError) => void): () => void;
}
