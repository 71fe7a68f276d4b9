import type { IncomingMessage } from 'node:http';
import type { Cors } from '../server/cors.ts';
import {
  draining,
  type Failure,
  forbiddenOrigin,
  misdirected,
  notFound,
  upgradeRequired,
} from '../server/failure.ts';
import { type HostCheck, isWellFormedHost } from '../server/hosts.ts';
import { invalidHead } from '../server/request-target.ts';
import type { UpgradeHandler } from './index.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';

export interface UpgradeCheckOptions {
  /** The path of GraphQL. */
  readonly endpoint: string;
  readonly serves: HostCheck;
  readonly admits: Cors['admits'];
  /** Whether new connections are to go to another process. */
  readonly isDraining: () => boolean;
}

/**
 * Returns why an upgrade is refused. Browsers let any page connect to any host, so the origin is checked: a page of
 * another site must not read what the gateway's own API key can read.
 */
export function createUpgradeCheck(
  options: UpgradeCheckOptions,
): (request: IncomingMessage) => Failure | undefined {
  const { endpoint, serves, admits, isDraining } = options;
  return (request) => {
    const target = request.url ?? '';
    const { host = '', origin } = request.headers;
    const invalid = invalidHead(request, target);
    if (invalid !== undefined) return invalid;
    if (!serves(host)) return misdirected(host);
    if (target !== endpoint && !target.startsWith(`${endpoint}?`)) return notFound([endpoint, '/health']);
    if (!isWebSocketUpgrade(request)) return upgradeRequired;
    if (origin !== undefined && !admits(origin, host)) return forbiddenOrigin;
    return isDraining() ? draining : undefined;
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
