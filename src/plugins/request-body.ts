import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
// By name, a Node too old to have zstd could not even say that it is.
import zlib from 'node:zlib';
import type { GraphQLParams } from 'graphql-yoga';
import { parseInputJson } from '../json/parse-json.ts';
import { Refusal } from '../server/refusal.ts';
import type { GatewayPlugin } from './gateway-request.ts';

/** The maximum size of a request body in bytes, as it comes and decoded. */
export const MAX_BODY_BYTES = 256 * 1024;

/** The window that a decoder of HTTP has to support, by RFC 9659, section 3; more would be memory for nothing. */
const ZSTD = { params: { [zlib.constants.ZSTD_d_windowLogMax]: 23 } };

/** The encodings of a request body that are read, one at a time. */
const DECODERS: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', zlib.createGunzip],
  ['x-gzip', zlib.createGunzip],
  ['deflate', zlib.createInflate],
  ['br', zlib.createBrotliDecompress],
  ['zstd', () => zlib.createZstdDecompress(ZSTD)],
]);
const ENCODINGS = 'gzip, deflate, br, zstd';

const notJson = new Refusal(
  'UNSUPPORTED_MEDIA_TYPE',
  'Unsupported media type: expected a body with Content-Type: application/json.',
  { headers: { 'accept-post': 'application/json' } },
);
const unknownEncoding = new Refusal(
  'UNSUPPORTED_MEDIA_TYPE',
  `Unsupported encoding: expected a body with no Content-Encoding, or one of ${ENCODINGS}.`,
  { headers: { 'accept-encoding': ENCODINGS } },
);
const tooLarge = new Refusal('PAYLOAD_TOO_LARGE', `The request body has more than ${MAX_BODY_BYTES} bytes.`);
const undecodable = new Refusal(
  'BAD_REQUEST',
  'The request body is not what its Content-Encoding says, or ends too early.',
);
const invalidJson = new Refusal('BAD_REQUEST', 'POST body sent invalid JSON.');

/** Reads parameters: JSON by POST, counted as it comes, and the query string of a GET. */
export function useRequestBody(): GatewayPlugin {
  return {
    onRequestParse({ request, serverContext, setRequestParser }) {
      if (request.method === 'GET') return setRequestParser(parseGet);
      if (request.method !== 'POST') return undefined;
      const { headers } = request;
      // Prevents CSRF: any page can submit a form across origins, but JSON needs a CORS preflight.
      if (!/^\s*application\/(?:graphql\+)?json\s*(?:;|$)/i.test(headers.get('content-type') ?? ''))
        throw notJson;
      const encoding = (headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
      const createDecoder = DECODERS.get(encoding);
      if (createDecoder === undefined && encoding !== 'identity') throw unknownEncoding;
      if (Number(headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge;
      return setRequestParser(async () => {
        const { req } = serverContext;
        const body = await (req === undefined || req.readableEnded ? wholeText(request) : readNode(req));
        return parsePost(createDecoder === undefined ? String(body) : await decode(body, createDecoder()));
      });
    },
  };
}

function parsePost(text: string): GraphQLParams {
  let json: unknown;
  try {
    json = parseInputJson(text);
  } catch {
    throw invalidJson;
  }
  if (typeof json === 'object' && json !== null) return json;
  const given = json === null ? 'null' : typeof json;
  throw new Refusal('BAD_REQUEST', `POST body is expected to be object but received ${given}`);
}

/** Of parameters that are given twice the first counts, empty ones are absent, and unknown ones are ignored. */
function parseGet({ url }: Request): GraphQLParams {
  const start = url.indexOf('?');
  const texts = new URLSearchParams(start === -1 ? '' : url.slice(start + 1));
  // Yoga says what is wrong with it.
  // oxlint-disable-next-line typescript/no-explicit-any -- Parameters may be anything.
  const jsonOf = (name: string): any => {
    const text = texts.get(name);
    try {
      return text === null || text === '' ? undefined : parseInputJson(text);
    } catch {
      throw new Refusal('BAD_REQUEST', `The parameter ${name} is not valid JSON.`);
    }
  };
  const names = ['query', 'operationName', 'documentId', 'doc_id'] as const;
  const given = names.map((name) => [name, texts.get(name) || undefined] as const);
  return { ...Object.fromEntries(given), variables: jsonOf('variables'), extensions: jsonOf('extensions') };
}

/** Reads the body from the connection. Uses events: async iteration is too slow for small bodies. */
function readNode(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    request.on('data', (piece: Buffer) => {
      length += piece.length;
      if (length <= MAX_BODY_BYTES) {
        pieces.push(piece);
        return;
      }
      pieces.length = 0;
      request.pause();
      reject(tooLarge);
    });
    request.once('end', () => resolve(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)));
    request.once('close', () => {
      if (!request.complete) reject(new DOMException('The client disconnected', 'AbortError'));
    });
  });
}

/** Reads the body of a `Request`, or what a framework's parser has left of it. */
async function wholeText(request: Request): Promise<Buffer | string> {
  if (request.body === null || !(request.body instanceof ReadableStream)) {
    const text = await request.text();
    if (Buffer.byteLength(text) > MAX_BODY_BYTES) throw tooLarge;
    return text;
  }
  return collect(request.body);
}

/** Decodes as much as a body may have: a few bytes can be a thousand times as many. */
async function decode(body: Buffer | string, decoder: Transform): Promise<string> {
  try {
    return String(await collect(decoder.end(body)));
  } catch (error) {
    throw error === tooLarge ? error : undecodable;
  }
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stream) {
    length += piece.length;
    if (length > MAX_BODY_BYTES) throw tooLarge;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
