/** An answer to one request, whatever it came by. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** In parts, which may be shared with other answers. */
  readonly body: readonly Uint8Array[];
}

export function responseOf({ status, headers, body }: HttpAnswer): Response {
  return new Response(Buffer.concat(body), { status, headers });
}
