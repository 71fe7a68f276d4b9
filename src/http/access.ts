import { createHash, timingSafeEqual } from 'node:crypto';

export interface AccessOptions {
  /** If there are any, a caller must show one of them. */
  readonly accessTokens: readonly string[];
  /** Shown upstream: to all with access tokens, else for callers without `Authorization`. */
  readonly apiKey: string | undefined;
}

/** Who may ask, and as whom the upstream is asked. */
export interface Access {
  /**
   * The `Authorization` for the upstream; null for none. Undefined when the caller may not ask.
   *
   * @param authorization the caller's header
   */
  authorize(authorization: string | null): string | null | undefined;
}

export function createAccess({ accessTokens, apiKey }: AccessOptions): Access {
  const own = apiKey === undefined ? null : `Bearer ${apiKey}`;
  if (accessTokens.length === 0) return { authorize: (authorization) => authorization ?? own };
  const known = accessTokens.map(digest);
  return {
    authorize(authorization) {
      const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
      const shown = digest(token);
      // Each is compared, and over digests of one length: the time tells nothing of the tokens.
      const matches = known.map((expected) => timingSafeEqual(expected, shown));
      return matches.includes(true) ? own : undefined;
    },
  };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
