/** An HTTP response that is independent of the transport. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** In chunks, which may be shared with other responses: don't modify them. */
  readonly body: readonly Uint8Array[];
  /** What follows the body, as it comes. The response has no length then. */
  readonly stream?: AsyncIterable<Uint8Array> | undefined;
}

/** Returns the number of bytes in a body. */
export function lengthOf(body: readonly Uint8Array[]): number {
  return body.reduce((sum, part) => sum + part.length, 0);
}

export function responseOf({ status, headers, body, stream }: HttpAnswer): Response {
  // A response takes anything that can be iterated; its type says less.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- See above.
  if (stream !== undefined) return new Response(stream as unknown as BodyInit, { status, headers });
  return new Response(body.length === 0 ? null : Buffer.concat(body), { status, headers });
}
