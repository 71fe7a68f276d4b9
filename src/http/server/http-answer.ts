/** An HTTP response, independent of the transport. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** In chunks, which may be shared with other responses: don't modify them. */
  readonly body: readonly Uint8Array[];
  /** What follows the body, as it comes. The response has no length then. */
  readonly stream?: AsyncIterable<Uint8Array> | undefined;
}

/** @param headers besides that for the type */
export function jsonAnswer(status: number, value: object, headers: HttpAnswer['headers'] = {}): HttpAnswer {
  const body = [Buffer.from(JSON.stringify(value))];
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

/** Returns the number of bytes in a body. */
export function lengthOf(body: readonly Uint8Array[]): number {
  let length = 0;
  for (const part of body) length += part.length;
  return length;
}
