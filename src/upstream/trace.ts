interface AttemptSpan {
  /** The headers by which the upstream makes its spans children of this span. */
  readonly headers: Readonly<Record<string, string>>;
  /** @param outcome `OK`, or an error code */
  end(outcome: string, status: number | undefined): void;
}

/** The trace that the upstream requests of an operation belong to. */
export interface UpstreamTrace {
  /** The headers of each request that has no span. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Starts the span of an attempt; undefined unless spans are exported. */
  readonly startAttempt?: ((call: UpstreamCall) => AttemptSpan) | undefined;
}

/** One upstream request of an operation, as its trace sees it. */
export interface UpstreamCall {
  readonly method: 'GET' | 'POST';
  readonly route: string;
  /** The number of attempts so far. */
  attempts: number;
}

/** Returns the route of a path of the API: without the query, and with a name in place of each id. */
export function routeOf(path: string): string {
  const end = path.indexOf('?');
  const bare = end === -1 ? path : path.slice(0, end);
  // A fast path: most requests are for lists, whose paths have no id.
  if (bare.endsWith('/')) return `/${bare}`;
  return `/${bare.replace(/^v1\/(\w+)s\/[^/]+/, 'v1/$1s/{$1_id}')}`;
}
