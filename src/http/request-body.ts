import { addAbortListener } from 'node:events';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { GraphQLParams } from 'graphql-yoga';
import { type AdmitsOrigin, preventCsrf } from '../access/csrf.ts';
import {
  type GatewayContext,
  type GatewayPlugin,
  type GatewayRequest,
  headerOf,
} from '../access/gateway-request.ts';
import { overloaded, Refusal } from '../access/refusal.ts';
import { parseInputJson } from '../json/parse-json.ts';
import { ID_PARAMETERS } from '../operations/persisted-documents.ts';
import { VALUES_FACTOR, type HeldMemory } from '../scheduling/held-memory.ts';
import { nextTurn } from '../scheduling/next-turn.ts';
import { Chunks } from '../upstream/body-chunks.ts';

/** The maximum size of a request body in bytes, both encoded and decoded. */
const MAX_BODY_BYTES = 256 * 1024;
/** The size up to which a body or an address is parsed at once, without waiting for a turn of the event loop. */
const MAX_BYTES_IN_TURN = 8 * 1024;

const gunzipAsync = promisify(gunzip);

const notJson = new Refusal(
  'UNSUPPORTED_MEDIA_TYPE',
  'Unsupported media type: expected a body with Content-Type: application/json.',
  { headers: { 'accept-post': 'application/json' } },
);
const unknownEncoding = new Refusal(
  'UNSUPPORTED_MEDIA_TYPE',
  'Unsupported encoding: expected a body with no Content-Encoding, or gzip.',
  { headers: { 'accept-encoding': 'gzip' } },
);
const undecodable = new Refusal(
  'BAD_REQUEST',
  'The request body is not what its Content-Encoding says, or ends too early.',
);
const tooLarge = new Refusal('PAYLOAD_TOO_LARGE', `The request body has more than ${MAX_BODY_BYTES} bytes.`);

/** Reads the parameters: JSON by POST, with limits as it arrives, or the query string of a GET. */
export function useRequestBody(admits: AdmitsOrigin): GatewayPlugin {
  return {
    onRequestParse({ request, serverContext, setRequestParser }) {
      const { socket, gateway } = serverContext;
      if (socket !== undefined) {
        const { params, bytes } = socket;
        if (gateway?.memory.set(bytesOfValues(bytes, params.query)) === false) throw overloaded;
        return setRequestParser(() => params);
      }
      if (request.method === 'POST') return setRequestParser(postReader(request, serverContext));
      if (request.method !== 'GET') return undefined;
      preventCsrf(request, admits);
      return setRequestParser(() => parseGet(request, gateway));
    },
  };
}

/** Returns a function that reads the JSON of a POST. @throws Refusal for its headers; the function does for its body */
export function postReader(request: Request, context: Pick<GatewayContext, 'req' | 'sentType' | 'gateway'>) {
  const { req, gateway } = context;
  const header = (name: string): string | null => headerOf(request, context, name);
  // Prevents CSRF: any page can submit a form across origins, but JSON needs a CORS preflight.
  const type = req === undefined ? header('content-type') : context.sentType;
  if (!/^\s*application\/(?:graphql\+)?json\s*(?:;|$)/i.test(type ?? '')) throw notJson;
  const encoding = (header('content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') throw unknownEncoding;
  if (Number(header('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge;
  // A framework's parser may have read the body already, and then it has decoded it.
  const parsed = req?.readableEnded === true ? req : undefined;
  const read = (): Promise<Buffer> =>
    req === undefined ? readWeb(request, gateway) : readStream(req, gateway?.memory);
  return async (): Promise<GraphQLParams> => {
    const body = parsed === undefined ? await read() : parsedBody(parsed);
    const isEncoded = encoding === 'gzip' && parsed === undefined;
    const text = isEncoded ? await decode(body) : body;
    if (text.length > MAX_BYTES_IN_TURN) await nextTurn();
    const params = parsePost(text.toString());
    if (gateway?.memory.set(bytesOfValues(text.length, params.query)) === false) throw overloaded;
    return params;
  };
}

/** Returns what a framework's parser read. In place of an empty body, Yoga has a stream that never ends. @throws Refusal */
function parsedBody(request: object): Buffer {
  const body: unknown = Reflect.get(request, 'body');
  const isText = typeof body === 'string' || body instanceof Uint8Array;
  const bytes = Buffer.from(isText ? body : (JSON.stringify(body) ?? ''));
  if (bytes.length > MAX_BODY_BYTES) throw tooLarge;
  return bytes;
}

/** Decodes gzip up to the maximum size, against zip bombs. */
async function decode(body: Buffer): Promise<Buffer> {
  return gunzipAsync(body, { maxOutputLength: MAX_BODY_BYTES }).catch(({ code }: NodeJS.ErrnoException) => {
    throw code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge : undecodable;
  });
}

function parsePost(text: string): GraphQLParams {
  const json = parseInput(text, 'POST body sent invalid JSON.');
  if (typeof json === 'object' && json !== null) return json;
  const type = json === null ? 'null' : typeof json;
  throw new Refusal('BAD_REQUEST', `POST body is expected to be object but received ${type}`);
}

/** Uses the first of repeated parameters, and ignores empty and unknown parameters. */
async function parseGet({ url }: Request, gateway?: GatewayRequest): Promise<GraphQLParams> {
  if (url.length > MAX_BYTES_IN_TURN) await nextTurn();
  const start = url.indexOf('?');
  const texts = new URLSearchParams(start === -1 ? '' : url.slice(start + 1));
  const names = ['query', 'operationName', ...ID_PARAMETERS, 'variables', 'extensions'];
  const length = names.reduce((sum, name) => sum + (texts.get(name)?.length ?? 0), 0);
  if (gateway?.memory.set(bytesOfValues(length, texts.get('query'))) === false) throw overloaded;
  const params = names.flatMap((name) => {
    const text = texts.get(name) ?? '';
    if (text === '') return [];
    const isJson = name === 'variables' || name === 'extensions';
    return [[name, isJson ? parseInput(text, `The parameter ${name} is not valid JSON.`) : text]];
  });
  return Object.fromEntries(params);
}

function parseInput(text: string, problem: string): unknown {
  try {
    return parseInputJson(text);
  } catch {
    throw new Refusal('BAD_REQUEST', problem);
  }
}

/** Reads a body by events, since async iteration is slow for small bodies. @throws Refusal if it, or all, get too large */
function readStream(stream: Readable, memory: HeldMemory | undefined): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks = new Chunks();
    const take = (piece: Buffer): void => {
      chunks.add(piece);
      const { length } = chunks;
      if (length <= MAX_BODY_BYTES && memory?.set(length) !== false) return;
      // The rest is dropped, so that the client reads the response and can reuse the connection.
      stream.off('data', take);
      reject(length > MAX_BODY_BYTES ? tooLarge : overloaded);
    };
    stream.on('data', take).once('end', () => {
      // Otherwise the request, which lives as long as its stream, would keep all that waits for its body in memory.
      stream.off('data', take);
      resolve(chunks.body().subarray());
    });
    stream.once('close', () => {
      if (!stream.readableEnded) reject(new DOMException('The client disconnected', 'AbortError'));
    });
  });
}

async function readWeb(request: Request, gateway: GatewayRequest | undefined): Promise<Buffer> {
  const pieces = request.body instanceof ReadableStream ? request.body : [Buffer.from(await request.text())];
  const stream = Readable.from(pieces).on('error', () => undefined);
  const read = readStream(stream, gateway?.memory);
  if (gateway === undefined) return read.finally(() => stream.destroy());
  // A stream of the platform whose chunk doesn't come is not closed when it is destroyed.
  const { promise: ended, reject } = Promise.withResolvers<never>();
  using _ended = addAbortListener(gateway.signal, () => reject(gateway.signal.reason));
  return await Promise.race([read, ended]).finally(() => stream.destroy());
}

/** Returns the bytes of the parameters other than the document. @param bytes of all parameters as text */
function bytesOfValues(bytes: number, query: unknown): number {
  return (bytes - (typeof query === 'string' ? query.length : 0)) * VALUES_FACTOR;
}
