import type { IncomingMessage } from 'node:http';

/** A request as frameworks over Node's http module hand it on. */
export interface FrameworkRequest extends IncomingMessage {
  /** The whole target, where the framework has cut its own part off `url`. */
  readonly originalUrl?: string;
  /** What a body parser has made of the body. */
  readonly body?: unknown;
}

/**
 * The whole body as text: from the connection, or what a body parser that came first has left in
 * `request.body`, parsed JSON included. Null when the request breaks off; undefined when something
 * else has read the body and left nothing. By events: an iterator took longer than a small body.
 */
export function readBody(request: FrameworkRequest): Promise<string | null | undefined> {
  return new Promise((resolve) => {
    if (request.readableEnded) return resolve(textOf(request.body));
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const [first] = pieces;
      resolve((pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces)).toString('utf8'));
    });
    request.on('error', () => resolve(null));
    // Also behind the end, where it changes nothing any more.
    request.on('close', () => resolve(null));
  });
}

function textOf(body: unknown): string | undefined {
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8');
  return typeof body === 'string' ? body : JSON.stringify(body);
}
