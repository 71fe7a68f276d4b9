import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Client } from './clients.ts';
import { type HttpAnswer, lengthOf } from './http-answer.ts';
import { announcesBody } from './request-head.ts';
import { MAX_BODY_BYTES } from './request-headers.ts';

/** Bytes that are handed to a connection at once, so that it is known how many are left. Fewer make a large page dearer. */
export const CHUNK_BYTES = 512 * 1024;

/** Milliseconds until a connection is closed whose client goes on sending a body that nobody reads. */
const LINGER_MS = 1000;
/** Bytes that a piece of such a body counts as besides its own: also one of a single byte takes a buffer. */
const PIECE_BYTES = 64;

/**
 * Sends an answer. If a body is still to come, the connection is closed after the answer, because
 * nothing more is read from it.
 *
 * @param answer with all its headers, its body entered under the client
 */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body, stream }: HttpAnswer,
  client?: Client,
): void {
  const closes = !request.complete && announcesBody(request);
  // Without a body it would be that of the answer with one.
  const hasLength = stream === undefined && status !== 204 && status !== 304;
  const length = lengthOf(body);
  response.writeHead(status, {
    ...headers,
    ...(hasLength && { 'content-length': length }),
    ...(closes && { connection: 'close' }),
  });
  if (stream !== undefined) return void sendStream(response, stream, client);
  if (length > CHUNK_BYTES) return void sendBody(response, body, client).then(() => response.end());
  // In one write to the connection.
  for (const part of closes ? body : body.slice(0, -1)) response.write(part);
  if (closes) discard(request, () => response.end());
  else response.end(body.at(-1));
}

/** Hands a chunk to a connection. @param done called when it has left, or never will */
type Write = (chunk: Uint8Array, isLast: boolean, done: () => void) => void;

/** Writes in chunks, and no more at once than two of them. Resolves when they all have left. */
export async function writeInChunks(parts: readonly Uint8Array[], write: Write): Promise<void> {
  let waiting = 0;
  for (const [index, part] of parts.entries()) {
    for (let start = 0; start === 0 || start < part.length; start += CHUNK_BYTES) {
      const end = start + CHUNK_BYTES;
      const isLast = index === parts.length - 1 && end >= part.length;
      const chunk = part.subarray(start, end);
      const { promise, resolve } = Promise.withResolvers<void>();
      write(chunk, isLast, resolve);
      waiting += chunk.length;
      if (waiting < CHUNK_BYTES && !isLast) continue;
      await promise;
      waiting = 0;
    }
  }
}

/** Resolves when a body has left. */
async function sendBody(
  response: ServerResponse,
  body: readonly Uint8Array[],
  client: Client | undefined,
): Promise<void> {
  await writeInChunks(body, (chunk, _isLast, done) => {
    response.write(chunk, () => {
      client?.left(chunk.length);
      done();
    });
  });
}

/** Sends each part when the one before has left. */
async function sendStream(
  response: ServerResponse,
  stream: AsyncIterable<Uint8Array>,
  client: Client | undefined,
): Promise<void> {
  for await (const part of stream) {
    if (client?.hold(part.length) === false) response.destroy();
    if (response.destroyed) return;
    await sendBody(response, [part], client);
  }
  response.end();
}

/**
 * Drops what still comes in, up to a time and a size. A connection that is closed while data comes in
 * is reset, and a reset may take the answer away from a client that is still sending.
 *
 * @param done may be called more than once
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
    bytes += chunk.length + PIECE_BYTES;
    if (bytes > MAX_BODY_BYTES) finish();
  });
  request.once('end', finish).once('close', finish).resume();
}
