import { hash } from 'node:crypto';
import type { GatewayError } from '../errors/gateway-error.ts';

/** The key of requests of the gateway itself, such as health checks, which share no queue with callers. */
export const GATEWAY_ITSELF = 'gateway';

/**
 * Identifies a caller among all others, or who answers for it: JSON, or `GATEWAY_ITSELF`, so that no two
 * of them have the same key. May hold secrets, and is never logged.
 */
export type CallerKey = string;

/** Who sends a request upstream, and with what. */
export interface UpstreamCaller {
  /**
   * Everything that decides what the caller sees: the access token, and every header that goes upstream,
   * absent ones included. Callers with different keys share no answer, poller, failure or knowledge.
   */
  readonly callerKey: CallerKey;
  /**
   * What it was authorized with, of which there is no more than one for all its projects: it is charged
   * for what the caller spends, so that nobody gains an allowance by naming another project.
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
  /** What lets the caller in, if it can be revoked while the gateway serves. */
  readonly grant: Grant | undefined;
}

export interface Grant {
  /** Whether the credentials no longer count. */
  readonly isRevoked: boolean;
  /**
   * Ends something when it is revoked: at once if it is already, else within a second.
   *
   * @returns a function to call when that has ended by itself
   */
  onRevoked(end: (reason: GatewayError) => void): () => void;
}

/** The key of a caller in what is remembered: keeps no credentials, and is short for long ones. */
export function callerDigest(caller: CallerKey): string {
  return hash('sha256', caller, 'base64');
}
