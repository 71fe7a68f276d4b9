import { hash } from 'node:crypto';
import type { CallerKey } from '../upstream/credentials.ts';

/** Who caused something. */
export interface Who {
  readonly account: CallerKey;
  /** The label of the caller's access token. */
  readonly label?: string | undefined;
}

/** Hexadecimal digits of a digest. */
const DIGEST_LENGTH = 10;

/** The digests of those who are known, as long as they are: the credentials of a connection ask again and again. */
const digests = new WeakMap<Who, string>();

/** Names a caller in the log: by the label of an access token, or by a digest. */
export function callerName(who: Who): string {
  if (who.label !== undefined) return who.label;
  const digest = digests.get(who) ?? hash('sha256', who.account).slice(0, DIGEST_LENGTH);
  digests.set(who, digest);
  return digest;
}
