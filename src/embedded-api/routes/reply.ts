/** The response of a route; the server adds `date` and `server`. */
export interface Reply {
  readonly status: number;
  /** In the order in which Letta 0.16.7 sends them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Set for an error that Letta doesn't handle: no CORS headers, and uvicorn closes the connection. */
  readonly isUnhandled?: true;
}

/** Returns a JSON reply. @param body serialized JSON @param headers sent before those of the body */
export function jsonReply(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return bodyReply(status, body, 'application/json', headers);
}

export function bodyReply(
  status: number,
  body: string,
  contentType: string,
  headers: Readonly<Record<string, string>>,
): Reply {
  const length = String(Buffer.byteLength(body, 'utf8'));
  return { status, headers: { ...headers, 'content-length': length, 'content-type': contentType }, body };
}

/** Returns `{"detail": ...}`, the format of nearly every error in Letta 0.16.7. */
export function errorReply(
  status: number,
  detail: string,
  headers?: Readonly<Record<string, string>>,
): Reply {
  return jsonReply(status, JSON.stringify({ detail }), headers);
}

/** Returns the response for an error that Letta 0.16.7 doesn't handle. */
export function unhandledReply(): Reply {
  return { ...errorReply(500, 'An unknown error occurred'), isUnhandled: true };
}

/** Returns a 307. @param location percent-encoded here, except for what an address can hold */
export function redirectReply(location: string): Reply {
  const encoded = location.replaceAll(/[^\w.~\-:/%#?=@[\]!$&'()*+,;]/gu, encodeURIComponent);
  return { status: 307, headers: { 'content-length': '0', location: encoded }, body: '' };
}
