import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_BODY_BYTES } from '../../graphql/yoga.ts';
import { type HttpAnswer, lengthOf } from './http-answer.ts';
import type { Outbox } from './outbox.ts';
import { announcesBody } from './request-headers.ts';

/** Milliseconds until a connection is closed whose client goes on sending a body that nobody reads. */
const LINGER_MS = 1000;

/**
 * Sends an answer. If a body is still to come, the connection is closed after the answer, because
 * nothing more is read from it.
 *
 * @param common headers of all answers; those of the answer win
 */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: HttpAnswer,
  common: Readonly<Record<string, string>>,
  outbox: Outbox,
): void {
  const closes = !request.complete && announcesBody(request.headers);
  response.writeHead(status, {
    ...common,
    ...headers,
    ...varying(common, headers),
    // Without a body it would be that of the answer with one.
    ...(status !== 204 && status !== 304 && { 'content-length': lengthOf(body) }),
    ...(closes && { connection: 'close' }),
  });
  if (!closes) return outbox.send(response, body);
  // The answers of refused requests are short.
  for (const part of body) response.write(part);
  discard(request, () => response.end());
}

/**
 * Drops what still comes in, up to a time and a size. A connection that is closed while data comes in
 * is reset, and a reset may take the answer away from a client that is still sending.
 */
function discard(request: IncomingMessage, done: () => void): void {
  let bytes = 0;
  const timer = setTimeout(finish, LINGER_MS);
  function finish(): void {
    clearTimeout(timer);
    request.pause();
    done();
  }
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) finish();
  });
  request.once('end', finish).once('close', finish).resume();
}

/** The `vary` of both, if both have one. */
function varying(
  { vary: first }: Readonly<Record<string, string>>,
  { vary: second }: Readonly<Record<string, string>>,
): { vary?: string } {
  return first === undefined || second === undefined ? {} : { vary: `${first}, ${second}` };
}
