import type { IncomingHttpHeaders } from 'node:http';
import type { Client } from './clients.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { ReadBody } from './request-body.ts';

/** An HTTP request before its body is read, independent of the transport. */
export interface HttpRequest {
  readonly method: string;
  /** Undefined by HTTP/1.0. */
  readonly host: string | undefined;
  readonly path: string;
  /** The query string, without its question mark. */
  readonly search: string;
  /** By lower-case names. */
  readonly headers: IncomingHttpHeaders;
  /** Aborts when the client has disconnected. */
  readonly signal: AbortSignal;
  /** Who sends it, as the account of memory knows it. */
  readonly client: Client;
  /** Of the socket that it came on; undefined where there is none, or none with an address. */
  readonly remoteAddress?: string | undefined;
  readonly readBody: () => Promise<ReadBody>;
}

/** Handles the requests for one path. Rejects only with what is unexpected, or if the client has disconnected. */
export type Route = (request: HttpRequest, requestId: string) => HttpAnswer | Promise<HttpAnswer>;
