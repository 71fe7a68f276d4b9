import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import Negotiator from 'negotiator';
import { type HttpAnswer, lengthOf } from '../server/http-answer.ts';

/** How a body can be encoded. */
export type Encoding = 'br' | 'gzip' | 'identity';

/** Shorter answers fit into one packet, or nearly so. */
const MIN_BYTES = 1024;
/** The least work: an answer is compressed once, and read once. */
const ANSWER_LEVEL = 1;

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

/**
 * Returns the first of these encodings that a client accepts; `identity` if it accepts none.
 *
 * @param accepted its `Accept-Encoding` header
 */
export function chooseEncoding(
  accepted: string | readonly string[] | undefined,
  offered: readonly Encoding[],
): Encoding {
  if (accepted === undefined) return 'identity';
  const known = new Negotiator({ headers: { 'accept-encoding': accepted.toString() } }).encodings([
    ...offered,
  ]);
  return offered.find((encoding) => known.includes(encoding)) ?? 'identity';
}

/** Encodes a body, in a thread of Node's pool. @param level from 1 (fast) to 9 (small) */
export async function encode(body: Uint8Array, encoding: Encoding, level: number): Promise<Uint8Array> {
  if (encoding === 'identity') return body;
  if (encoding === 'gzip') return compressGzip(body, { level });
  return compressBrotli(body, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: level,
      [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
    },
  });
}

/** Compresses an answer if it is worth it and the client accepts it. @param accepted its `Accept-Encoding` header */
export async function compressAnswer(
  answer: HttpAnswer,
  accepted: string | readonly string[] | undefined,
): Promise<HttpAnswer> {
  if (answer.stream !== undefined) return answer;
  const headers = { ...answer.headers, vary: 'accept, accept-encoding' };
  const encoding = lengthOf(answer.body) < MIN_BYTES ? 'identity' : chooseEncoding(accepted, ['gzip']);
  if (encoding === 'identity') return { ...answer, headers };
  const body = await encode(Buffer.concat(answer.body), encoding, ANSWER_LEVEL);
  return { ...answer, headers: { ...headers, 'content-encoding': encoding }, body: [body] };
}
