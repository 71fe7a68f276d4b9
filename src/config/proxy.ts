import { BlockList, isIP } from 'node:net';
import { isLoopback } from './hosts.ts';
import { Mismatch } from './kind.ts';
import { proxyUrl } from './kinds.ts';
import type { Environment } from './read-settings.ts';

/**
 * Returns the proxy that `HTTPS_PROXY` or `HTTP_PROXY` names for an address, unless `NO_PROXY` lists its host: as curl
 * and Go read them. Lower case goes first. None is used for loopback.
 *
 * @param url undefined for the embedded API
 */
export function proxyFor(
  url: string | undefined,
  env: Environment,
): { readonly proxy?: string; readonly problems: readonly string[] } {
  if (url === undefined || !URL.canParse(url)) return { problems: [] };
  const { protocol, hostname, port } = new URL(url);
  const variable = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const host = hostname.replace(/\.$/, '').replaceAll(/[[\]]/g, '');
  const given = valueOf(env, variable);
  const noProxy = valueOf(env, 'NO_PROXY').split(/[,\s]+/);
  const ownPort = port || (protocol === 'https:' ? '443' : '80');
  const isDirect = isLoopback(host) || noProxy.some((entry) => isListed(entry.toLowerCase(), host, ownPort));
  if (given === '' || isDirect) return { problems: [] };
  const proxy = proxyUrl.fromText(given.includes('://') ? given : `http://${given}`);
  return proxy instanceof Mismatch
    ? { problems: [`${variable}: expected ${proxy.expected}, but got something else (not shown)`] }
    : { proxy, problems: [] };
}

function valueOf(env: Environment, variable: string): string {
  return (env[variable.toLowerCase()] || env[variable] || '').trim();
}

/** @param entry a name, which stands for its subdomains too, an address, a range of addresses, or `*` */
function isListed(entry: string, host: string, port: string): boolean {
  const [, bracketed, named, entryPort = port] =
    /^(?:\[(.+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? [];
  const name = bracketed ?? named;
  if (name === undefined || entryPort !== port) return false;
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(name) ?? [];
  const family = isIP(address);
  if (family !== 0) {
    const all = family === 6 ? 128 : 32;
    const length = Number(bits ?? all);
    if (family !== isIP(host) || length > all) return false;
    const type = family === 6 ? 'ipv6' : 'ipv4';
    const range = new BlockList();
    range.addSubnet(address, length, type);
    return range.check(host, type);
  }
  const suffix = name.replace(/^\*?\./, '').replace(/\.$/, '');
  return name === '*' || host === suffix || host.endsWith(`.${suffix}`);
}
