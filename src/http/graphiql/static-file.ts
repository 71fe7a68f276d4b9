import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { chooseEncoding, type Encoding, encode } from '../graphql/compression.ts';
import type { HttpAnswer } from '../server/http-answer.ts';

/** Brotli and gzip at this level are a tenth larger than at their best, and take a tenth of the time. */
const LEVEL = 5;

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
  // Weak, since the bytes depend on the encoding.
  const etag = `W/"${digest}"`;
  /** Each is made once, when it is first asked for. */
  const encoded = new Map<Encoding, Promise<Uint8Array>>();
  const common = { vary: 'accept-encoding', ...headers, etag };
  return {
    name: name.replace(/(?=\.\w+$)/, `-${digest}`),
    async answer({ 'accept-encoding': accepted, 'if-none-match': known }) {
      if (known !== undefined && (known.trim() === '*' || known.includes(`"${digest}"`))) {
        return { status: 304, headers: common, body: [] };
      }
      const encoding = chooseEncoding(accepted, ['br', 'gzip']);
      let bytes = encoded.get(encoding);
      if (bytes === undefined) encoded.set(encoding, (bytes = encode(body, encoding, LEVEL)));
      return {
        status: 200,
        headers: {
          ...common,
          'content-type': typeOf(name),
          ...(encoding !== 'identity' && { 'content-encoding': encoding }),
        },
        body: [await bytes],
      };
    },
  };
}

function typeOf(name: string): string {
  if (name.endsWith('.js')) return 'text/javascript; charset=utf-8';
  if (name.endsWith('.css')) return 'text/css; charset=utf-8';
  return 'text/html; charset=utf-8';
}
