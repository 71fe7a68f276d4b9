import { isLoopback } from './loopback.ts';

/** Whether requests with this `Host`, which is well-formed, are served. */
export type HostCheck = (host: string) => boolean;

/** A name or an address, and perhaps a port; nothing that would change the URL that it becomes part of. */
const HOST = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i;

const MAX_PORT = 65_535;
/** Stands for any host. */
const ANY = '*';

export function isWellFormedHost(host: string): boolean {
  const match = HOST.exec(host);
  return match !== null && Number(match[2] ?? 0) <= MAX_PORT;
}

/** Whether a request is for a host that is not served. Every browser sends one; a malformed one is another matter. */
export function isMisdirected(host: string | undefined, serves: HostCheck): host is string {
  return host !== undefined && isWellFormedHost(host) && !serves(host);
}

/**
 * Serves loopback names always, and the others only if they are listed: a page of another site whose
 * name resolves to this machine (DNS rebinding) sends its own name.
 *
 * @param allowed names or addresses, each for any port or with the port that it is for; `*` for any
 */
export function createHostCheck(allowed: readonly string[]): HostCheck {
  if (allowed.includes(ANY)) return () => true;
  const known = new Set(allowed.map((host) => host.toLowerCase()));
  return (host) => {
    const [, name = '', port = ''] = HOST.exec(host.toLowerCase()) ?? [];
    const plainName = name.endsWith('.') ? name.slice(0, -1) : name;
    return isLoopback(plainName) || known.has(plainName) || known.has(`${plainName}:${port}`);
  };
}
