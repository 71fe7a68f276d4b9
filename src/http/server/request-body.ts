import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { stringifyJson } from '../../json/stringify-json.ts';
import { createTurns } from '../../loaders/turns.ts';
import type { Holder } from '../../memory/index.ts';
import { decoderFor } from './content-encoding.ts';
import {
  bodyTaken,
  type Failure,
  overloaded,
  payloadTooLarge,
  tooManyPieces,
  undecodable,
} from './failure.ts';
import { MAX_BODY_BYTES } from './request-headers.ts';

/** A request as frameworks built on Node's http module pass it on. */
export interface FrameworkRequest extends IncomingMessage {
  /** The full target, where the framework has stripped a prefix from `url`. */
  readonly originalUrl?: string;
  /** The body as a body parser left it. */
  readonly body?: unknown;
}

/** A body as text, or why it can't be read; undefined if the client has disconnected. */
export type ReadBody = string | Failure | undefined;

/** Bytes of the first buffer of a body. Fewer, in one piece, are neither copied nor entered. */
const FIRST_BYTES = 16 * 1024;

/** Pieces of a body that may be of a few bytes each; beyond them, so many bytes on average are the least. */
const SMALL_PIECES = 16_384;
const LEAST_AVERAGE = 16;

const NOTHING = Buffer.alloc(0);

/** A decoder takes up to 16 MiB for its window, whatever the body has: only few work at a time. */
const inTurn = createTurns(8);

/**
 * The body of a request, in one buffer that grows with what comes: a buffer for each piece would cost more than its
 * bytes. It is entered in the account of memory until it is dropped, since its text is kept as long as the request.
 */
export class RequestBody {
  readonly #holder: Holder;
  #entered = 0;
  #buffer: Buffer = NOTHING;
  #length = 0;
  #pieces = 0;
  #decoded: RequestBody | undefined;
  #isDropped = false;

  constructor(holder: Holder) {
    this.#holder = holder;
  }

  /**
   * Reads the body from the connection, or from `request.body` if a body parser came first, parsed JSON included. Uses
   * events: async iteration is too slow for small bodies.
   */
  readNode(request: FrameworkRequest): Promise<ReadBody> {
    const { promise, resolve } = Promise.withResolvers<ReadBody>();
    if (request.readableEnded) {
      resolve(textOf(request.body) ?? bodyTaken);
      return promise;
    }
    const announced = Number(request.headers['content-length']);
    const onData = (piece: Buffer): void => {
      if (piece.length === announced && announced <= FIRST_BYTES) {
        this.#buffer = piece;
        this.#length = announced;
        return;
      }
      const failure = this.#add(piece);
      if (failure === undefined) return;
      request.off('data', onData).pause();
      resolve(failure);
    };
    request.on('data', onData);
    request.on('end', () => resolve(this.#text(request.headers['content-encoding'])));
    request.on('close', () => resolve(undefined));
    return promise;
  }

  /** The same for a `Request`. */
  async readFetch(request: Request): Promise<ReadBody> {
    // Such as one whose body a framework has parsed.
    if (request.body === null) return request.text();
    for await (const piece of request.body) {
      const failure = this.#add(piece);
      // To return ends the iteration, which cancels the stream.
      if (failure !== undefined) return failure;
    }
    return this.#text(request.headers.get('content-encoding'));
  }

  /** The request has been answered. */
  drop(): void {
    this.#isDropped = true;
    this.#decoded?.drop();
    this.#holder.give('input', this.#entered);
    this.#entered = 0;
    this.#buffer = NOTHING;
  }

  /** Adds a piece. @returns why it can't */
  #add(piece: Uint8Array): Failure | undefined {
    const length = this.#length + piece.length;
    if (length > MAX_BODY_BYTES) return payloadTooLarge;
    this.#pieces += 1;
    if (this.#pieces > SMALL_PIECES && length < this.#pieces * LEAST_AVERAGE) return tooManyPieces;
    if (length > this.#buffer.length) {
      const size = Math.min(Math.max(length, 2 * this.#buffer.length, FIRST_BYTES), MAX_BODY_BYTES);
      if (!this.#holder.take('input', size)) return overloaded;
      const larger = Buffer.allocUnsafeSlow(size);
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#holder.give('input', this.#entered);
      this.#entered = size;
      this.#buffer = larger;
    }
    this.#buffer.set(piece, this.#length);
    this.#length = length;
    return undefined;
  }

  #text(encoding?: string | null): ReadBody | Promise<ReadBody> {
    const bytes = this.#buffer.subarray(0, this.#length);
    this.#buffer = NOTHING;
    const decoder = decoderFor(encoding);
    return typeof decoder === 'function' ? inTurn(() => this.#decode(bytes, decoder)) : bytes.toString();
  }

  /** Decodes as much as a body may have: a few bytes can be a thousand times as many. */
  async #decode(bytes: Uint8Array, createDecoder: () => Transform): Promise<ReadBody> {
    if (this.#isDropped) return undefined;
    const decoded = (this.#decoded = new RequestBody(this.#holder));
    try {
      for await (const piece of createDecoder().end(bytes)) {
        if (this.#isDropped) return undefined;
        const failure = decoded.#add(piece);
        if (failure !== undefined) return failure;
      }
      return decoded.#text();
    } catch {
      return undecodable;
    }
  }
}

function textOf(body: unknown): string | undefined {
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8');
  return typeof body === 'string' || body === undefined ? body : stringifyJson(body);
}
