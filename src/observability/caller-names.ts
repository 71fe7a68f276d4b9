import { hash } from 'node:crypto';
import type { CallerKey } from '../upstream/credentials.ts';

/** Who caused something. */
export interface Who {
  readonly account: CallerKey;
  /** The label of its access token. If it is left out, the one that the account had before counts. */
  readonly label?: string | undefined;
}

/** Hexadecimal digits of a digest. */
const DIGEST_LENGTH = 10;
const MAX_DIGESTS = 1_000;
/** Characters of an account whose digest is remembered: callers may make up any number of long credentials. */
const MAX_ACCOUNT = 1_000;

/**
 * Names callers in logs, metrics and `why`: by the label of an access token, or by a digest. What it remembers is written
 * by every caller for itself, and only saves work.
 */
export function createCallerNames(): (who: Who) => string {
  /** There are as many as access tokens. */
  const labels = new Map<CallerKey, string>();
  const digests = new Map<CallerKey, string>();
  return ({ account, label }) => {
    if (label !== undefined) {
      if (labels.get(account) !== label) labels.set(account, label);
      return label;
    }
    const known = labels.get(account) ?? digests.get(account);
    if (known !== undefined) return known;
    const digest = hash('sha256', account).slice(0, DIGEST_LENGTH);
    if (account.length > MAX_ACCOUNT) return digest;
    if (digests.size >= MAX_DIGESTS) digests.clear();
    digests.set(account, digest);
    return digest;
  };
}
