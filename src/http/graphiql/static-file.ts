import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { parse } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { chooseEncoding } from '../graphql/compression.ts';
import type { HttpAnswer } from '../server/http-answer.ts';

/** Brotli and gzip at this level are a tenth larger than at their best, and take a tenth of the time. */
const LEVEL = 5;
const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);
/** The encodings, the preferred first. */
const ENCODERS = {
  br: (body: Buffer) => compressBrotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: LEVEL } }),
  gzip: (body: Buffer) => compressGzip(body, { level: LEVEL }),
  identity: async (body: Buffer) => body,
};
const ENCODINGS = ['br', 'gzip'] as const;

/** A file that browsers are sent. Its bytes are shared by all answers. */
export interface StaticFile {
  /** The name, with a digest of the contents in it. */
  readonly name: string;
  /** Answers a GET: 304 to a browser that has the file, else the file as the browser accepts it. */
  readonly answer: (headers: IncomingHttpHeaders) => Promise<HttpAnswer>;
}

/**
 * @param name such as `start.js`; its ending tells the type
 * @param headers besides those of any file
 */
export function staticFile(
  name: string,
  text: string,
  headers: Readonly<Record<string, string>>,
): StaticFile {
  const body = Buffer.from(text);
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 16);
  const { name: stem, ext } = parse(name);
  // Weak, since the bytes depend on the encoding.
  const common = { vary: 'accept-encoding', ...headers, etag: `W/"${digest}"` };
  const type = ext === '.js' ? 'javascript' : ext.slice(1);
  const found = { ...common, 'content-type': `text/${type}; charset=utf-8` };
  /** Each is made once, when it is first asked for. */
  const encoded: { [encoding in keyof typeof ENCODERS]?: Promise<Buffer> } = {};
  return {
    name: `${stem}-${digest}${ext}`,
    async answer({ 'accept-encoding': accepted, 'if-none-match': known }) {
      if (known !== undefined && (known.trim() === '*' || known.includes(`"${digest}"`))) {
        return { status: 304, headers: common, body: [] };
      }
      const encoding = chooseEncoding(accepted, ENCODINGS);
      const bytes = await (encoded[encoding] ??= ENCODERS[encoding](body));
      const coding = encoding === 'identity' ? {} : { 'content-encoding': encoding };
      return { status: 200, headers: { ...found, ...coding }, body: [bytes] };
    },
  };
}
