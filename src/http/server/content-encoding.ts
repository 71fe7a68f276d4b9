import type { Transform } from 'node:stream';
// By name, a Node too old to have zstd could not even say that it is.
import zlib from 'node:zlib';

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

export const ENCODINGS = 'gzip, deflate, br, zstd';

/** Returns what makes a decoder for a `Content-Encoding`; `none` if there is nothing to decode, else undefined. */
export function decoderFor(encoding: string | null | undefined): (() => Transform) | 'none' | undefined {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  return name === 'identity' ? 'none' : DECODERS.get(name);
}
