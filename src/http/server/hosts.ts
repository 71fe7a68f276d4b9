/** Whether requests with this `Host`, which is well-formed, are served. */
export type HostCheck = (host: string) => boolean;

/** A name or an address, and perhaps a port; nothing that would change the URL that it becomes part of. */
const HOST = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i;

const MAX_PORT = 65_535;
/** Stands for any host. */
const ANY = '*';

/** The last host that was well-formed, which is nearly always the next one. Written by any client; the text alone decides. */
let wellFormed: string | undefined;

export function isWellFormedHost(host: string): boolean {
  if (host === wellFormed) return true;
  const match = HOST.exec(host);
  if (match === null || Number(match[2] ?? 0) > MAX_PORT) return false;
  wellFormed = host;
  return true;
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
  let served: string | undefined;
  return (host) => {
    if (host === served) return true;
    const [, name = '', port = ''] = HOST.exec(host.toLowerCase()) ?? [];
    const plainName = name.endsWith('.') ? name.slice(0, -1) : name;
    const isServed = isLoopback(plainName) || known.has(plainName) || known.has(`${plainName}:${port}`);
    if (isServed) served = host;
    return isServed;
  };
}

/** Names and addresses that only this machine can reach, as in `Host` headers and in `HOST`. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|::ffff:127(?:\.\d{1,3}){3})$/i;

/** Whether a host name, or an IP address with or without brackets, stands for this machine. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
