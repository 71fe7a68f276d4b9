import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import Negotiator from 'negotiator';
import type { PageAnswer, StaticFile } from './browser-page.ts';

/** At this level Brotli and gzip are a tenth larger than at the highest, and take a tenth of the time. */
const LEVEL = 5;
const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);
/** The encodings, the preferred first. */
const ENCODERS = {
  br: (body: Buffer) => compressBrotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: LEVEL } }),
  gzip: (body: Buffer) => compressGzip(body, { level: LEVEL }),
  identity: async (body: Buffer<ArrayBuffer>) => body,
};
const ENCODINGS = ['br', 'gzip'] as const;

/** Against embedding by other sites, and guessing of types. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  // For requests without CORS, such as those of script and image tags.
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * @param type of the text, such as `html`
 * @param headers besides those of all files
 */
export function staticFile(
  type: 'html' | 'css' | 'javascript',
  text: string,
  headers: PageAnswer['headers'],
): StaticFile {
  const body = Buffer.from(text);
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 16);
  // Weak, since the bytes depend on the encoding.
  const common = { vary: 'accept-encoding', ...SECURITY_HEADERS, ...headers, etag: `W/"${digest}"` };
  const fileHeaders = { ...common, 'content-type': `text/${type}; charset=utf-8` };
  /** Each is created when it is first requested. */
  const encoded: { [encoding in keyof typeof ENCODERS]?: Promise<Buffer<ArrayBuffer>> } = {};
  return async (request) => {
    const etags = request.header('if-none-match');
    if (etags !== undefined && (etags.trim() === '*' || etags.includes(`"${digest}"`))) {
      return { status: 304, headers: common, body: null };
    }
    const encoding = chooseEncoding(request.header('accept-encoding'), ENCODINGS);
    const bytes = await (encoded[encoding] ??= ENCODERS[encoding](body));
    const coding = encoding === 'identity' ? {} : { 'content-encoding': encoding };
    return { status: 200, headers: { ...fileHeaders, ...coding }, body: bytes };
  };
}

/**
 * Returns the first encoding that a client accepts; `identity` if it accepts none of them.
 *
 * @param accepted its `Accept-Encoding` header
 */
export function chooseEncoding<Offered extends string>(
  accepted: string | undefined,
  offered: readonly Offered[],
): Offered | 'identity' {
  if (accepted === undefined) return 'identity';
  const acceptable = new Negotiator({ headers: { 'accept-encoding': accepted } }).encodings([...offered]);
  return offered.find((encoding) => acceptable.includes(encoding)) ?? 'identity';
}
