import type { IncomingMessage } from 'node:http';
import { MAX_BODY_BYTES } from '../../graphql/yoga.ts';
import { stringifyJson } from '../../json/stringify-json.ts';
import { bodyTaken, type Failure, payloadTooLarge } from '../server/failure.ts';

/** A request as frameworks built on Node's http module pass it on. */
export interface FrameworkRequest extends IncomingMessage {
  /** The full target, where the framework has stripped a prefix from `url`. */
  readonly originalUrl?: string;
  /** The body as a body parser left it. */
  readonly body?: unknown;
}

/** A body can't be read. */
export class RequestBodyError extends Error {
  override readonly name = 'RequestBodyError' as const;
  /** The response; undefined if the client has disconnected. */
  readonly failure: Failure | undefined;

  constructor(failure?: Failure) {
    super('The request body cannot be read.');
    this.failure = failure;
  }
}

/**
 * Reads the body as text: from the connection, or from `request.body` if a body parser came first,
 * parsed JSON included. Uses events: async iteration is too slow for small bodies.
 *
 * @throws RequestBodyError if it is too large, was already read, or if the client disconnects
 */
export function readNodeBody(request: FrameworkRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    if (request.readableEnded) {
      const text = textOf(request.body);
      return text === undefined ? reject(new RequestBodyError(bodyTaken)) : resolve(text);
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= MAX_BODY_BYTES) return;
      request.off('data', onData).pause();
      chunks.length = 0;
      reject(new RequestBodyError(payloadTooLarge));
    };
    request.on('data', onData);
    request.on('end', () => {
      const [first] = chunks;
      resolve((chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)).toString('utf8'));
    });
    request.on('error', () => reject(new RequestBodyError()));
    // Also emitted after `end`, where it has no effect.
    request.on('close', () => reject(new RequestBodyError()));
  });
}

/** The same for a `Request`. */
export async function readRequestBody(request: Request): Promise<string> {
  // Such as one whose body a framework has parsed.
  if (request.body === null) return request.text();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // An error ends the iteration, which cancels the stream.
  for await (const chunk of request.body) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new RequestBodyError(payloadTooLarge);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function textOf(body: unknown): string | undefined {
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8');
  return typeof body === 'string' || body === undefined ? body : stringifyJson(body);
}
