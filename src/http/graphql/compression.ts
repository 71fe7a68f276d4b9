import { promisify } from 'node:util';
// By name, a Node too old to have zstd could not even say that it is.
import zlib from 'node:zlib';
import { chooseEncoding } from '../../static/choose-encoding.ts';
import type { Client } from '../server/clients.ts';
import { type HttpAnswer, lengthOf } from '../server/http-answer.ts';
import { EVENT_STREAM } from './media-types.ts';

/** Shorter answers fit into one packet, or nearly so. */
const MIN_BYTES = 1024;
/** Answers of at most as many bytes are compressed at once, which takes 0.3 ms; a thread costs 0.1 ms more. */
const SMALL_BYTES = 64 * 1024;

/** With the least work: an answer is compressed once, and read once. */
const CODECS = {
  zstd: {
    now: zlib.zstdCompressSync,
    later: promisify(zlib.zstdCompress),
    options: { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } },
  },
  gzip: { now: zlib.gzipSync, later: promisify(zlib.gzip), options: { level: 1 } },
};

/**
 * Compresses an answer if it is worth it and the client accepts it: by zstd if it says so, which takes a third of the
 * time of gzip, else by gzip. Clients that take anything get what everybody knows.
 *
 * @param accepted its `Accept-Encoding` header
 */
export function compressAnswer(
  answer: HttpAnswer,
  accepted: string | undefined,
  { holder }: Client,
): HttpAnswer | Promise<HttpAnswer> {
  const { headers, body } = answer;
  const length = lengthOf(body);
  // Events may be read before they are complete.
  if (accepted === undefined || length < MIN_BYTES || headers['content-type'] === EVENT_STREAM) return answer;
  const encoding = chooseEncoding(accepted, /zstd/i.test(accepted) ? ['zstd', 'gzip'] : ['gzip']);
  if (encoding === 'identity') return answer;
  const { now, later, options } = CODECS[encoding];
  const encoded = (part: Uint8Array): HttpAnswer => ({
    ...answer,
    headers: { ...headers, 'content-encoding': encoding },
    body: [part],
  });
  const [first = new Uint8Array()] = body;
  const whole = body.length === 1 ? first : Buffer.concat(body);
  if (length <= SMALL_BYTES) return encoded(now(whole, options));
  // With what it becomes. If there is no room for that, it is sent as it is, which needs less.
  if (!holder.take('answer', 2 * length)) return answer;
  return later(whole, options)
    .then(encoded)
    .finally(() => holder.give('answer', 2 * length));
}
