import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Journal } from '../../observability/journal.ts';
import { requestIdOf } from '../../observability/request-id.ts';
import { checkHead } from '../guard.ts';
import type { HostCheck } from '../hosts.ts';
import { notFound, Refusal } from '../refusal.ts';

/** Milliseconds that a client gets to close its side as well. */
export const CLOSE_MS = 1_000;

export interface UpgradeOptions {
  /** The path of GraphQL. */
  readonly endpoint: string;
  readonly serves: HostCheck;
  /** Whether pages of an origin may connect. */
  readonly admits: (origin: string, host: string) => boolean;
  readonly isDraining: () => boolean;
}

/**
 * Browsers let any page connect to any host, so the origin is checked: a page of another site must not read what the
 * gateway's own API key can read.
 */
export function refusalOfUpgrade(request: IncomingMessage, options: UpgradeOptions): Refusal | undefined {
  const { endpoint } = options;
  const { url = '', headers } = request;
  const invalid = checkHead(request, url, options.serves);
  if (invalid !== undefined) return invalid;
  if (url !== endpoint && !url.startsWith(`${endpoint}?`)) return notFound([endpoint, '/health']);
  const { origin, host = '' } = headers;
  if (origin !== undefined && !options.admits(origin, host)) return forbiddenOrigin;
  return options.isDraining() ? draining : undefined;
}

/** Answers an upgrade by a refusal. There is no response object: the HTTP server has let go of the connection. */
export function refuseUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  refusal: Refusal,
  journal: Journal,
): void {
  const requestId = requestIdOf(request.headers['x-request-id']);
  journal.refused(refusal, { requestId });
  const body = refusal.body(requestId);
  const headers = {
    ...refusal.responseHeaders(requestId),
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const fuse = setTimeout(() => socket.destroy(), CLOSE_MS);
  socket.once('close', () => clearTimeout(fuse)).on('error', () => socket.destroy());
  // What still comes in is dropped. Otherwise the end of the connection would never be read.
  socket.resume().end(`HTTP/1.1 ${refusal.status} Refused\r\n${lines.join('')}\r\n${body}`);
}

const forbiddenOrigin = new Refusal(
  'FORBIDDEN',
  'Pages of this origin may not connect. If they should, list it in CORS_ORIGINS.',
);
/** For a connection that would be closed soon. */
const draining = new Refusal(
  'SUBSCRIPTION_DRAINED',
  'The gateway is stopping. Connect again: another replica will answer.',
);

/** @param problem what is wrong with its head */
export function invalidUpgrade(problem: string): Refusal {
  return new Refusal('BAD_REQUEST', `Invalid upgrade to a WebSocket: ${problem}.`, {
    headers: { 'sec-websocket-version': '13' },
  });
}
