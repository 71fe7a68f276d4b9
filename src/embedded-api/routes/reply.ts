/** What a route answers; the server adds `server`, `date` and `content-length`. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `body` is JSON text already. */
export function jsonReply(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

/** `{"detail": ...}`, the shape of nearly every error of Letta 0.16.7. */
export function errorReply(
  status: number,
  detail: string,
  headers?: Readonly<Record<string, string>>,
): Reply {
  return jsonReply(status, JSON.stringify({ detail }), headers);
}
