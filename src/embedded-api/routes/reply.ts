/** The response of a route; the server adds `server`, `date` and `content-length`. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Returns a JSON reply. @param body serialized JSON */
export function jsonReply(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

/** Returns `{"detail": ...}`, the format of nearly every error in Letta 0.16.7. */
export function errorReply(
  status: number,
  detail: string,
  headers?: Readonly<Record<string, string>>,
): Reply {
  return jsonReply(status, JSON.stringify({ detail }), headers);
}
