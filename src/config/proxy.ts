import { BlockList, isIP } from 'node:net';
import { isLoopback } from '../access/host-check.ts';
import type { Environment } from './read-settings.ts';
import { validValue } from './setting-value.ts';
import { proxyUrl } from './value-schemas.ts';

/**
 * Returns the proxy that `HTTPS_PROXY` or `HTTP_PROXY` names for an address, unless `NO_PROXY` lists its host: as
 * curl and Go read them. Lower case goes first. None is used for loopback.
 */
export function proxyFor(url: string | undefined, env: Environment) {
  if (url === undefined) return { problems: [] };
  const { protocol, hostname, port } = new URL(url);
  const [variable, usualPort] = protocol === 'https:' ? ['HTTPS_PROXY', '443'] : ['HTTP_PROXY', '80'];
  const variableText = (name: string) => (env[name.toLowerCase()] || env[name] || '').trim();
  const text = variableText(variable);
  const host = hostname.replace(/\.$/, '').replaceAll(/[[\]]/g, '');
  const isDirect = variableText('NO_PROXY')
    .split(/[,\s]+/)
    .some((entry) => isListed(entry.toLowerCase(), host, port || usualPort));
  if (text === '' || isLoopback(host) || isDirect) return { problems: [] };
  const proxy = text.includes('://') ? text : `http://${text}`;
  if (validValue(proxyUrl, proxy) !== undefined) return { proxy, problems: [] };
  return { problems: [`${variable}: expected ${proxyUrl.expected}, but got something else (not shown)`] };
}

/** @param entry a name, which stands for its subdomains too, an address, a range of addresses, or `*` */
function isListed(entry: string, host: string, port: string): boolean {
  const [, bracketed, named, entryPort = port] =
    /^(?:\[(.+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? [];
  const name = bracketed ?? named;
  if (name === undefined || entryPort !== port) return false;
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(name) ?? [];
  const family = isIP(address);
  if (family === 0) {
    const suffix = name.replace(/^\*?\./, '').replace(/\.$/, '');
    return name === '*' || host === suffix || host.endsWith(`.${suffix}`);
  }
  const length = Number(bits ?? (family === 6 ? 128 : 32));
  if (family !== isIP(host) || length > (family === 6 ? 128 : 32)) return false;
  const range = new BlockList();
  range.addSubnet(address, length, family === 6 ? 'ipv6' : 'ipv4');
  return range.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
