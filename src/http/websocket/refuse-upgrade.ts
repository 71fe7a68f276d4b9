import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { REQUEST_ID_HEADER, requestIdOf } from '../../observability/request-id.ts';
import type { Failure } from '../server/failure.ts';
import { DATA_HEADERS } from '../server/security-headers.ts';

/** Milliseconds until a client is cut off that doesn't close its side. */
const LINGER_MS = 1000;

/**
 * Answers an upgrade that is refused. There is no response object: the HTTP server has let go of the connection.
 *
 * @returns the id of the request
 */
export function refuseUpgrade(request: IncomingMessage, socket: Duplex, failure: Failure): string {
  const requestId = requestIdOf(request.headers[REQUEST_ID_HEADER]?.toString() ?? null);
  const { status, headers, body } = failure(requestId);
  const text = Buffer.concat(body);
  const lines = Object.entries({
    ...DATA_HEADERS,
    ...headers,
    'content-length': String(text.length),
    [REQUEST_ID_HEADER]: requestId,
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`);
  const fuse = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(fuse));
  socket.on('error', () => socket.destroy());
  // What still comes in is dropped. Otherwise the end of the connection would never be read.
  socket.resume();
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('\r\n')}\r\n\r\n${text.toString()}`);
  return requestId;
}
