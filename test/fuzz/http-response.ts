/** An answer as it came over the wire. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Bytes that it took. */
  readonly length: number;
}

/** What keeps bytes from being an answer: more are needed, or they are no HTTP. */
export type NoResponse = 'incomplete' | 'malformed';

const HEAD_END = Buffer.from('\r\n\r\n');

/** Reads one answer from the start of the bytes; interim ones (1xx) are left out. */
export function readResponse(bytes: Buffer, isHead: boolean): HttpResponse | NoResponse {
  const end = bytes.indexOf(HEAD_END);
  if (end === -1) return 'incomplete';
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})(?: |$)/.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) return 'malformed';
  const start = end + HEAD_END.length;
  if (status < 200) {
    const next = readResponse(bytes.subarray(start), isHead);
    return typeof next === 'string' ? next : { ...next, length: next.length + start };
  }
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) return 'malformed';
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  if (isHead || status === 204 || status === 304) {
    return { status, headers, body: Buffer.alloc(0), length: start };
  }
  if (headers.get('transfer-encoding') === 'chunked') {
    const chunks = readChunks(bytes, start);
    if (typeof chunks === 'string') return chunks;
    return { status, headers, body: Buffer.concat(chunks.parts), length: chunks.end };
  }
  const length = Number(headers.get('content-length') ?? '0');
  if (bytes.length < start + length) return 'incomplete';
  return { status, headers, body: bytes.subarray(start, start + length), length: start + length };
}

function readChunks(
  bytes: Buffer,
  start: number,
): { readonly parts: readonly Buffer[]; readonly end: number } | NoResponse {
  const parts: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return 'incomplete';
    const line = bytes.subarray(at, lineEnd).toString('latin1');
    if (!/^[0-9a-f]+$/i.test(line)) return 'malformed';
    const size = Number.parseInt(line, 16);
    const next = lineEnd + 2 + size + 2;
    if (bytes.length < next) return 'incomplete';
    if (size === 0) return { parts, end: next };
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = next;
  }
}
