import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { StaticResponse, StaticFile } from './browser-page.ts';
import { chooseEncoding } from './choose-encoding.ts';

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

/** Prevents framing by other sites, and MIME sniffing. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  // Protects against requests without CORS, such as those of script and image tags.
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * @param type of the text, such as `html`
 * @param headers besides those of all files
 */
export function staticFile(
  type: 'html' | 'css' | 'javascript',
  text: string,
  headers: StaticResponse['headers'],
): StaticFile {
  const body = Buffer.from(text);
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 16);
  // Weak, since the bytes depend on the encoding.
  const common = { vary: 'accept-encoding', ...SECURITY_HEADERS, ...headers, etag: `W/"${digest}"` };
  const fileHeaders = { ...common, 'content-type': `text/${type}; charset=utf-8` };
  /** The encoded contents, each created when it is first requested. */
  const encoded: { [encoding in keyof typeof ENCODERS]?: Promise<Buffer<ArrayBuffer>> } = {};
  return async (sent) => {
    const etags = sent.get('if-none-match');
    if (etags !== null && (etags.trim() === '*' || etags.includes(`"${digest}"`))) {
      return { status: 304, headers: common, body: null };
    }
    const encoding = chooseEncoding(sent.get('accept-encoding'), ENCODINGS);
    const bytes = await (encoded[encoding] ??= ENCODERS[encoding](body));
    const coding = encoding === 'identity' ? {} : { 'content-encoding': encoding };
    return { status: 200, headers: { ...fileHeaders, ...coding }, body: bytes };
  };
}
