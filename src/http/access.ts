import { createHash, timingSafeEqual } from 'node:crypto';
import type { Credentials } from '../upstream/credentials.ts';

export interface AccessOptions {
  /** If any are set, a caller must send one of them. */
  readonly accessTokens: readonly string[];
  /** Sent upstream: for all callers if there are access tokens, else for those without `Authorization`. */
  readonly apiKey: string | undefined;
}

/**
 * Decides who may send requests, with which credentials they go upstream, and which of them are one
 * caller: those with the same access token, or else those with the same `Authorization`. All others
 * are one caller together. The address of a socket is not used: behind a proxy it is the proxy's.
 */
export interface Access {
  /** Whether callers need an access token. */
  readonly requiresToken: boolean;
  /**
   * Returns the credentials of a caller; undefined if it is denied.
   *
   * @param authorization the caller's header
   */
  authorize(authorization: string | null): Credentials | undefined;
  /** Whether the caller sent an access token; false if there are none. */
  showsToken(authorization: string | null): boolean;
}

export function createAccess({ accessTokens, apiKey }: AccessOptions): Access {
  const own = apiKey === undefined ? null : `Bearer ${apiKey}`;
  const known = accessTokens.map(digest);
  /** Which access token the caller sent; -1 for none of them. */
  const indexOf = (authorization: string | null): number => {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
    const received = digest(token);
    // All are compared, as digests of equal length, so that timing reveals nothing about the tokens.
    return known.map((expected) => timingSafeEqual(expected, received)).indexOf(true);
  };
  return {
    requiresToken: known.length > 0,
    authorize(authorization) {
      if (known.length === 0) {
        const sent = authorization ?? own;
        return { callerKey: sent, authorization: sent };
      }
      const index = indexOf(authorization);
      return index === -1 ? undefined : { callerKey: `access token ${index}`, authorization: own };
    },
    showsToken: (authorization) => indexOf(authorization) !== -1,
  };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
