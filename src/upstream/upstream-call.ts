/** The span of one attempt, which ends with it. */
export interface AttemptSpan {
  /** What tells the upstream that its own spans belong below this one. */
  readonly headers: Readonly<Record<string, string>>;
  /** @param outcome `OK`, or an error code */
  end(outcome: string, status: number | undefined): void;
}

/** The trace that the upstream requests of an operation belong to. */
export interface UpstreamTrace {
  /** Sent with each request, unless it has a span of its own. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Starts the span of an attempt. Spans are only made if they are exported. */
  readonly startAttempt?: ((call: UpstreamCall) => AttemptSpan) | undefined;
  /** Links the operation to the span of a request that it joined. */
  readonly link?: ((span: object) => void) | undefined;
}

/**
 * What an operation knows of one of its upstream requests. Kept as long as the operation, and a while longer if that
 * failed or was slow: it holds no bodies, and its path never leaves the process, but for the route.
 */
export class UpstreamCall {
  readonly method: 'GET' | 'POST';
  readonly #path: string;
  readonly #start = performance.now();
  /** Milliseconds until it was answered, waiting for a permit and retries included; undefined as long as it isn't. */
  ms: number | undefined;
  /** Requests that were sent for it; none if it joined an identical one, or was refused before. */
  attempts = 0;
  /** Whether it joined an identical request in flight. */
  joined = false;
  /** `OK`, or the code of the error. */
  code = 'OK';
  status: number | undefined;
  /** Rows of the list that was answered. */
  rows: number | undefined;
  /** The span of its latest attempt, if there are spans. */
  span: object | undefined;

  constructor(method: 'GET' | 'POST', path: string) {
    this.method = method;
    this.#path = path;
  }

  get route(): string {
    return routeOf(this.#path);
  }

  /** The size of the page that was asked for. */
  get limit(): number | undefined {
    const limit = /[?&]limit=(\d+)/.exec(this.#path)?.[1];
    return limit === undefined ? undefined : Number(limit);
  }

  /** It has been answered. */
  end(code: string, status: number | undefined): void {
    this.ms = performance.now() - this.#start;
    this.code = code;
    this.status = status;
  }
}

/** Returns the route of a path of the API: without the query, and with a name in place of each id. */
export function routeOf(path: string): string {
  const end = path.indexOf('?');
  const bare = end === -1 ? path : path.slice(0, end);
  // Of most requests, which are for lists, and have no id.
  if (bare.endsWith('/')) return `/${bare}`;
  return `/${bare.replace(/^v1\/(run|step|agent)s\/[^/]+/, 'v1/$1s/{$1_id}')}`;
}
