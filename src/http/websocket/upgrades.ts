import type { IncomingMessage } from 'node:http';
import { type Failure, forbiddenOrigin, misdirected, notFound, upgradeRequired } from '../server/failure.ts';
import { type HostCheck, isWellFormedHost } from '../server/hosts.ts';
import { invalidHead } from '../server/request-target.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import type { UpgradeHandler } from './websocket.ts';

export interface UpgradesOptions {
  /** The path of GraphQL. */
  readonly endpoint: string;
  readonly serves: HostCheck;
  /** Whose pages may connect, besides those of the gateway itself; `*` for any. */
  readonly corsOrigins: readonly string[];
  readonly accept: UpgradeHandler;
}

/**
 * Handles upgrades to WebSockets. Browsers let any page connect to any host, so the origin is checked
 * here: a page of another site must not read what the gateway's own API key can read.
 */
export function createUpgrades({ endpoint, serves, corsOrigins, accept }: UpgradesOptions): UpgradeHandler {
  const refusalOf = (request: IncomingMessage): Failure | undefined => {
    const target = request.url ?? '';
    const { host = '', origin } = request.headers;
    const invalid = invalidHead(request, target);
    if (invalid !== undefined) return invalid;
    if (!serves(host)) return misdirected(host);
    if (target !== endpoint && !target.startsWith(`${endpoint}?`)) return notFound([endpoint, '/health']);
    if (!isWebSocketUpgrade(request)) return upgradeRequired;
    const isAllowed = origin === undefined || corsOrigins.includes('*') || corsOrigins.includes(origin);
    return isAllowed || isOwnOrigin(origin, host) ? undefined : forbiddenOrigin;
  };
  return (request, socket, head) => {
    const refusal = refusalOf(request);
    if (refusal === undefined) accept(request, socket, head);
    else refuseUpgrade(request, socket, refusal);
  };
}

/**
 * Whether a request is to become a WebSocket. Any other upgrade is an offer that may be ignored: HTTP
 * clients of Java and curl offer HTTP/2 with each request.
 */
export function isWebSocketUpgrade({ headers: { upgrade = '' } }: IncomingMessage): boolean {
  return upgrade.toLowerCase() === 'websocket';
}

/** Refuses upgrades for hosts that are not served, whatever they ask for. */
export function guardUpgrade(upgrade: UpgradeHandler, serves: HostCheck): UpgradeHandler {
  return (request, socket, head) => {
    const { host = '' } = request.headers;
    if (!isWellFormedHost(host) || serves(host)) upgrade(request, socket, head);
    else refuseUpgrade(request, socket, misdirected(host));
  };
}

function isOwnOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
