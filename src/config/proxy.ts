import { isLoopback } from '../access/host-check.ts';
import type { Environment } from './read-settings.ts';
import { validValue } from './setting-value.ts';
import { proxyUrl } from './value-schemas.ts';

/**
 * Returns the proxy that `HTTPS_PROXY` or `HTTP_PROXY` names for an address, unless `NO_PROXY` lists its host.
 * Variables in lower case come first. Loopback never has a proxy.
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

/** @param entry a name, which stands for its subdomains too, an address, or `*`, with or without a port */
function isListed(entry: string, host: string, port: string): boolean {
  // An address of IPv6 with a port is in brackets.
  const [, address, name = address, entryPort = port] =
    /^(?:\*?\.)?(?:\[(.+)\]|([^:]+?)\.?)(?::(\d+))?$/.exec(entry) ?? [];
  if (name === undefined || entryPort !== port) return entry === host;
  return name === '*' || host === name || host.endsWith(`.${name}`);
}
