import type { IncomingHttpHeaders } from 'node:http';
import { unescape } from 'node:querystring';
import { Dispatcher } from 'undici';

/** A request as the upstream sees it. */
export interface UpstreamRequest {
  readonly method: string;
  /** The path with its query, as it was sent. */
  readonly url: string;
  /** Percent-decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Empty but for a POST. */
  readonly body: string;
  /** Aborts when the gateway gives the request up. */
  readonly signal: AbortSignal;
}

/** What comes back; an Error is a connection that fails so, with undici's codes. */
export type UpstreamAnswer =
  | {
      /** @default 200 */
      readonly status?: number;
      /** Besides those of JSON. */
      readonly headers?: Readonly<Record<string, string>>;
      /** Text as it is, anything else as JSON. */
      readonly body: unknown;
    }
  | Error;

/** Answers a request; what never resolves is an upstream that hangs. */
export type Answering = (request: UpstreamRequest) => UpstreamAnswer | Promise<UpstreamAnswer>;

/** Answers in place of the upstream, or lets it answer, the same request or another one. */
export type Script = (
  request: UpstreamRequest,
  next: (changed?: Partial<UpstreamRequest>) => UpstreamAnswer | Promise<UpstreamAnswer>,
) => UpstreamAnswer | Promise<UpstreamAnswer>;

/** The answer that never comes. */
export const HANGS = new Promise<never>(() => undefined);

/** An upstream without sockets, which a gateway sends its requests to as it does to undici's pool. */
export class ScriptedUpstream extends Dispatcher {
  readonly #answer: Answering;
  /** What was asked, in the order of arrival. */
  readonly requests: UpstreamRequest[] = [];
  /** May be set while the gateway serves. */
  script: Script = (_request, next) => next();

  constructor(answer: Answering) {
    super();
    this.#answer = answer;
  }

  /** The paths with their queries that were asked for. */
  get urls(): readonly string[] {
    return this.requests.map(({ url }) => url);
  }

  override dispatch(
    { method, path: url, headers, body }: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    const abort = new AbortController();
    let isOver = false;
    const fail = (error: Error): void => {
      if (isOver) return;
      isOver = true;
      abort.abort(error);
      handler.onResponseError?.(controller, error);
    };
    const controller: Dispatcher.DispatchController = {
      get aborted() {
        return abort.signal.aborted;
      },
      get reason() {
        return abort.signal.aborted ? (abort.signal.reason as Error) : null;
      },
      paused: false,
      pause: () => undefined,
      resume: () => undefined,
      abort: fail,
    };
    handler.onRequestStart?.(controller, {});
    if (isOver) return true;
    const [path = '', ...query] = url.split('?');
    const request: UpstreamRequest = {
      method,
      url,
      path: unescape(path),
      query: new URLSearchParams(query.join('?')),
      headers: lowerCased(headers),
      body: typeof body === 'string' ? body : '',
      signal: abort.signal,
    };
    this.requests.push(request);
    const next = (changed?: Partial<UpstreamRequest>) => this.#answer({ ...request, ...changed });
    const send = (answer: UpstreamAnswer): void => {
      if (isOver) return;
      if (answer instanceof Error) return fail(answer);
      const { status = 200, headers: more, body: content } = answer;
      const bytes = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
      const sent = { 'content-type': 'application/json', 'content-length': String(bytes.length), ...more };
      handler.onResponseStart?.(controller, status, sent, '');
      if (!abort.signal.aborted) handler.onResponseData?.(controller, bytes);
      if (abort.signal.aborted) return;
      isOver = true;
      handler.onResponseEnd?.(controller, {});
    };
    void Promise.try(this.script, request, next).then(send, fail);
    return true;
  }
}

function lowerCased(headers: Dispatcher.DispatchOptions['headers']): IncomingHttpHeaders {
  const entries = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries(entries) as IncomingHttpHeaders;
}
