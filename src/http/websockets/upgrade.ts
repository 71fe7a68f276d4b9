import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HostCheck } from '../../access/host-check.ts';
import { notFound, Refusal } from '../../access/refusal.ts';
import type { Journal } from '../../observability/journal.ts';
import { requestIdOf } from '../../observability/request-id.ts';
import { hostRefusal } from '../host-refusal.ts';

/** Milliseconds in which a client has to close its side. */
export const CLOSE_MS = 1_000;

export interface UpgradeOptions {
  /** The path of GraphQL. */
  readonly endpoint: string;
  readonly serves: HostCheck;
  /** Whether pages of an origin may connect. */
  readonly admits: (origin: string, host: string) => boolean;
  /** Whether a connection has a request under way, whose response must come first. */
  readonly isBusy: (socket: Duplex) => boolean;
  readonly isDraining: () => boolean;
}

/**
 * Browsers let any page open a WebSocket to any host, so the origin is checked: a page of another site must not read
 * data with the gateway's API key.
 */
export function refusalOfUpgrade(request: IncomingMessage, options: UpgradeOptions): Refusal | undefined {
  const { endpoint } = options;
  const { url = '', headers } = request;
  const invalid = hostRefusal(headers.host, options.serves);
  if (invalid !== undefined) return invalid;
  if (url !== endpoint && !url.startsWith(`${endpoint}?`)) return notFound([endpoint, '/health']);
  const { origin, host = '' } = headers;
  if (origin !== undefined && !options.admits(origin, host)) return forbiddenOrigin;
  return options.isDraining() ? draining : undefined;
}

/** Answers an upgrade by a refusal, and closes the connection. The response is written as text, as `ws` documents it. */
export function refuseUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  refusal: Refusal,
  journal: Journal,
): void {
  const requestId = requestIdOf(request.headers['x-request-id']);
  journal.refused(refusal, { requestId });
  const fuse = setTimeout(() => socket.destroy(), CLOSE_MS);
  socket.once('close', () => clearTimeout(fuse)).on('error', () => socket.destroy());
  const body = refusal.body(requestId);
  const headers = {
    ...refusal.responseHeaders(requestId),
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`, ...lines].join('\r\n');
  // Further input is dropped; otherwise the end of the connection would never be read.
  socket.resume().end(`${head}\r\n\r\n${body}`);
}

export const forbiddenOrigin = new Refusal(
  'FORBIDDEN',
  'Pages of this origin may not connect. If they should, list it in CORS_ORIGINS.',
);
/** The refusal of a connection that would be closed soon. */
const draining = new Refusal(
  'SUBSCRIPTION_DRAINED',
  'The gateway is stopping. Connect again: another replica will answer.',
);

/** @param problem of the request's head */
export function invalidUpgrade(problem: string): Refusal {
  return new Refusal('BAD_REQUEST', `Invalid upgrade to a WebSocket: ${problem}.`, {
    headers: { 'sec-websocket-version': '13' },
  });
}
