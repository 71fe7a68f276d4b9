import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HttpAnswer, lengthOf } from './http-answer.ts';
import { announcesBody, MAX_BODY_BYTES } from './request-headers.ts';

/** Milliseconds until a connection is closed whose client goes on sending a body that nobody reads. */
const LINGER_MS = 1000;
/** Bytes that a piece of such a body counts as besides its own: also one of a single byte takes a buffer. */
const PIECE_BYTES = 64;

/**
 * Sends an answer. If a body is still to come, the connection is closed after the answer, because
 * nothing more is read from it.
 *
 * @param sendBody ends the response, whose head is written then
 */
export function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body, stream }: HttpAnswer,
  sendBody: () => void = () => endWith(response, body),
): void {
  const closes = !request.complete && announcesBody(request.headers);
  // Without a body it would be that of the answer with one.
  const hasLength = stream === undefined && status !== 204 && status !== 304;
  response.writeHead(status, {
    ...headers,
    ...(hasLength && { 'content-length': lengthOf(body) }),
    ...(closes && { connection: 'close' }),
  });
  if (!closes || stream !== undefined) return sendBody();
  // The answers of refused requests are short.
  for (const part of body) response.write(part);
  discard(request, () => response.end());
}

/** Ends a response with its body, in one write to the connection. */
export function endWith(response: ServerResponse, body: readonly Uint8Array[]): void {
  for (const part of body.slice(0, -1)) response.write(part);
  response.end(body.at(-1));
}

/**
 * Drops what still comes in, up to a time and a size. A connection that is closed while data comes in
 * is reset, and a reset may take the answer away from a client that is still sending.
 */
function discard(request: IncomingMessage, done: () => void): void {
  let bytes = 0;
  let isDone = false;
  const timer = setTimeout(finish, LINGER_MS);
  function finish(): void {
    clearTimeout(timer);
    request.pause();
    if (!isDone) done();
    isDone = true;
  }
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length + PIECE_BYTES;
    if (bytes > MAX_BODY_BYTES) finish();
  });
  request.once('end', finish).once('close', finish).resume();
}
