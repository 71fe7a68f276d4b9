import type { IncomingMessage } from 'node:http';
import { stringifyJson } from '../json/stringify-json.ts';

/** A request as frameworks built on Node's http module pass it on. */
export interface FrameworkRequest extends IncomingMessage {
  /** The full target, where the framework has stripped a prefix from `url`. */
  readonly originalUrl?: string;
  /** The body as a body parser left it. */
  readonly body?: unknown;
}

/**
 * Reads the body as text: from the connection, or from `request.body` if a body parser came first,
 * parsed JSON included. Resolves to null if the request is aborted, and to undefined if the body was
 * read and `request.body` is not set. Uses events: async iteration is too slow for small bodies.
 */
export function readBody(request: FrameworkRequest): Promise<string | null | undefined> {
  return new Promise((resolve) => {
    if (request.readableEnded) return resolve(textOf(request.body));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [first] = chunks;
      resolve((chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)).toString('utf8'));
    });
    request.on('error', () => resolve(null));
    // Also emitted after `end`, where it has no effect.
    request.on('close', () => resolve(null));
  });
}

function textOf(body: unknown): string | undefined {
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8');
  return typeof body === 'string' || body === undefined ? body : stringifyJson(body);
}
