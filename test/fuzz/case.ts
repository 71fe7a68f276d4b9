import type { Random } from '../../embedded-api/samples/random.ts';

/** Bytes for the gateway. */
export interface FuzzCase {
  readonly bytes: Buffer;
  /** Whether it is one whole request of HTTP, which has to be answered; other bytes may be dropped. */
  readonly isRequest: boolean;
  /** Whether the answer has no body, whatever its headers say. */
  readonly isHead: boolean;
}

/** Makes one case of its kind. */
export type CaseMaker = (random: Random) => FuzzCase;

export interface RequestParts {
  readonly method?: string;
  /** Path and query as they are sent. */
  readonly target?: string;
  /** Instead of those of a usual POST; the length is added unless it is here. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json' } as const;

/** One request, whole and well framed. Header values may hold any Latin-1 character. */
export function request({
  method = 'POST',
  target = '/graphql',
  headers = JSON_HEADERS,
  body = '',
}: RequestParts): FuzzCase {
  const content = Buffer.from(body);
  const all = { host: 'localhost', 'content-length': String(content.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
  return { bytes: Buffer.concat([head, content]), isRequest: true, isHead: method === 'HEAD' };
}

/** A POST of this JSON. */
export function post(payload: unknown): FuzzCase {
  return request({ body: JSON.stringify(payload) });
}

/** Bytes that are no request. */
export function garbage(bytes: string | Buffer): FuzzCase {
  const content = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  return { bytes: content, isRequest: false, isHead: false };
}

export function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, () => random.between(0, 255)));
}

/** Texts at which programs have stumbled. */
export const HOSTILE_TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udc00\ud800',
  '\u{10ffff}',
  '\ufeff',
  '\u202eabc',
  '\u2028',
  'é'.normalize('NFD'),
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  '-0',
  '1e999',
  '../../etc/passwd',
  '%00',
  '%s%n',
  '${7*7}',
  '<script>alert(1)</script>',
  "' OR 1=1 --",
  'run-',
  'run-00000000-0000-4000-8000-000000000000',
  'run-../../health',
  'agent-?x=1',
  'agent-a&limit=1000',
  'x'.repeat(300),
  'x'.repeat(20_000),
] as const;
