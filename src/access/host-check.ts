/** Whether requests with this `Host` are served; false for one that is malformed. */
export type HostCheck = (host: string) => boolean;

/** A name or an address, and perhaps a port; nothing that would change the URL that it becomes part of. */
const HOST = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i;

/** Names and addresses that only this machine can reach, as in `Host` headers and in `HOST`. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|::ffff:127(?:\.\d{1,3}){3})$/i;

/** Stands for any host. */
const ANY = '*';

/**
 * Always serves loopback names, and other names only if they are listed. This prevents DNS rebinding: a page whose name
 * resolves to this machine sends that name.
 *
 * @param allowed names or addresses, each for any port or with the port that it is for; `*` or undefined for any
 */
export function createHostCheck(allowed: readonly string[] = [ANY]): HostCheck {
  const allowedNames = new Set(allowed.map((host) => host.toLowerCase()));
  // The next request nearly always has the host of the last one that was served.
  let lastServed: string | undefined;
  return (host) => {
    if (host === lastServed) return true;
    const [, name, port = ''] = HOST.exec(host.toLowerCase()) ?? [];
    // Such as 1.2.3.4.5, 127.999.999.999, or a port beyond 65535, which the pattern lets pass.
    if (name === undefined || !URL.canParse(`http://${host}`)) return false;
    const plainName = name.endsWith('.') ? name.slice(0, -1) : name;
    const names = [ANY, plainName, `${plainName}:${port}`];
    const isServed = isLoopback(plainName) || names.some((each) => allowedNames.has(each));
    if (isServed) lastServed = host;
    return isServed;
  };
}

/** Whether a host name, or an IP address with or without brackets, stands for this machine. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
