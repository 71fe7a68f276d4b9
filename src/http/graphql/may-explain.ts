import { isLoopback } from '../../config/hosts.ts';
import type { Credentials } from '../../upstream/credentials.ts';
import type { SentHeaders } from './access.ts';

/** What proxies add: behind one of them every client seems to be local. */
const PROXIED = ['forwarded', 'via', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'];

/**
 * Whether a caller may know what its operations take upstream: one with an access token that has a label, or a program
 * on this machine. A proxy on this machine that adds none of its usual headers isn't noticed; what its clients can
 * learn then are routes and times of their own operations.
 */
export function mayExplain(
  { headers, remoteAddress }: { readonly headers: SentHeaders; readonly remoteAddress?: string | undefined },
  { label }: Pick<Credentials, 'label'>,
): boolean {
  if (label !== undefined) return true;
  if (remoteAddress === undefined || !isLoopback(remoteAddress)) return false;
  return PROXIED.every((name) => headers[name] === undefined);
}
