/** An HTTP response that is independent of the transport. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** In chunks, which may be shared with other responses: don't modify them. */
  readonly body: readonly Uint8Array[];
}

/** Returns the number of bytes in a body. */
export function lengthOf(body: readonly Uint8Array[]): number {
  return body.reduce((sum, part) => sum + part.length, 0);
}

export function responseOf({ status, headers, body }: HttpAnswer): Response {
  return new Response(body.length === 0 ? null : Buffer.concat(body), { status, headers });
}
