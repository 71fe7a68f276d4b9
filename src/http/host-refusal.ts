import { createHostCheck, type HostCheck } from '../access/host-check.ts';
import { Refusal } from '../access/refusal.ts';

const isWellFormed = createHostCheck(['*']);

const invalidHost = new Refusal(
  'BAD_REQUEST',
  'Invalid Host header: expected one name or address, and perhaps a port.',
);

/** Returns the refusal of a request for this host; undefined if the host is served. */
export function hostRefusal(host: string | undefined, serves: HostCheck): Refusal | undefined {
  if (host === undefined || serves(host)) return undefined;
  if (!isWellFormed(host)) return invalidHost;
  const name = host.slice(0, 255);
  return new Refusal(
    'MISDIRECTED_REQUEST',
    `The host ${name} is not served. If clients may reach the gateway by this name, list it in ALLOWED_HOSTS.`,
  );
}
