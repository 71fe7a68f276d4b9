import { createHash, timingSafeEqual } from 'node:crypto';

export interface AccessOptions {
  /** If any are set, a caller must send one of them. */
  readonly accessTokens: readonly string[];
  /** Sent upstream: for all callers if there are access tokens, else for those without `Authorization`. */
  readonly apiKey: string | undefined;
}

/** Decides who may send requests, and with which credentials they go upstream. */
export interface Access {
  /**
   * Returns the `Authorization` to send upstream, or null for none; undefined if the caller is denied.
   *
   * @param authorization the caller's header
   */
  authorize(authorization: string | null): string | null | undefined;
  /** Whether the caller sent an access token; false if there are none. */
  showsToken(authorization: string | null): boolean;
}

export function createAccess({ accessTokens, apiKey }: AccessOptions): Access {
  const own = apiKey === undefined ? null : `Bearer ${apiKey}`;
  const known = accessTokens.map(digest);
  const showsToken = (authorization: string | null): boolean => {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
    const received = digest(token);
    // All are compared, as digests of equal length, so that timing reveals nothing about the tokens.
    const matches = known.map((expected) => timingSafeEqual(expected, received));
    return matches.includes(true);
  };
  return {
    authorize(authorization) {
      if (known.length === 0) return authorization ?? own;
      return showsToken(authorization) ? own : undefined;
    },
    showsToken,
  };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
