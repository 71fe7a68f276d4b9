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

/** Names a caller in the log: by the label of an access token, or by a digest. */
export function callerName({ account, label }: Who): string {
  return label ?? hash('sha256', account).slice(0, DIGEST_LENGTH);
}
