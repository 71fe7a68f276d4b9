import type { UpstreamError } from '../../errors/upstream-error.ts';
import { PROJECT_HEADERS } from '../forwarded-headers.ts';
import { BASE_HEADERS } from './request-headers.ts';

/** Stands in place of removed text. */
const REDACTED = '[redacted]';
/** Characters of a secret in a row that are removed; fewer of a secret that is shorter than twice that. */
const PIECE = 8;
const MIN_PIECE = 4;
const pieceOf = ({ length }: string) => Math.min(length, Math.max(MIN_PIECE, Math.min(PIECE, length >> 1)));
/** Pieces of secrets that may be in a text, by their hashes; if there are more of them, all of the text is removed. */
const MAX_CANDIDATES = 20_000;
/** Returns 16 bits of three characters of a piece. */
const hashAt = (text: string, at: number, length: number) =>
  ((text.charCodeAt(at) * 47 + text.charCodeAt(at + (length >> 1))) * 31 + text.charCodeAt(at + length - 1)) &
  0xffff;
/** Characters of a message that are logged. */
const MAX_MESSAGE = 600;

/**
 * Removes secrets from a text of the upstream, which may echo the credentials that it was sent: whole,
 * without their scheme, decoded (Basic), URL-encoded, and in pieces of eight characters and more.
 *
 * @param credentials `Authorization` headers, or secrets on their own
 */
export function redact(text: string, credentials: readonly string[]): string {
  const hidden = new Uint8Array(text.length);
  // Pieces of one length are sought together: a gateway may have a thousand secrets, and a caller may send 16 KB.
  for (const [length, secrets] of Map.groupBy(new Set(credentials.flatMap(spellingsOf)), pieceOf)) {
    const all = secrets.join('\0');
    // To make all pieces of 16 KB, 100 KB when encoded, would take longer than the rest of a failed request.
    const inText = new Uint8Array(2 ** 16);
    for (let i = 0; i + length <= text.length; i++) inText[hashAt(text, i, length)] = 1;
    const pieces = new Set<string>();
    for (let i = 0, candidates = 0; i + length <= all.length; i++) {
      if (inText[hashAt(all, i, length)] === 0) continue;
      if (++candidates > MAX_CANDIDATES) return REDACTED;
      pieces.add(all.slice(i, i + length));
    }
    for (let i = 0; i + length <= text.length; i++) {
      if (pieces.has(text.slice(i, i + length))) hidden.fill(1, i, i + length);
    }
  }
  let result = '';
  for (let i = 0; i < text.length; i++) {
    if (hidden[i] === 0) result += text[i];
    else if (i === 0 || hidden[i - 1] === 0) result += REDACTED;
  }
  return result;
}

const NOT_SECRET: ReadonlySet<string> = new Set([
  ...Object.keys(BASE_HEADERS),
  ...PROJECT_HEADERS,
  'x-request-id',
  'traceparent',
  'tracestate',
  'content-type',
]);

/** Returns the values of headers that must not be logged. */
export function secretHeaderValues(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).flatMap(([name, value]) => (NOT_SECRET.has(name) ? [] : [value]));
}

/** Returns a copy of an error as the log may have it. @param name of the request */
export function redactError(error: UpstreamError, name: string, secrets: readonly string[]): UpstreamError {
  const { message, cause } = error;
  // Cut after redaction, so that no part of a secret remains at the end.
  const redacted = redact(`${name}: ${message}`, secrets).slice(0, MAX_MESSAGE);
  if (!(cause instanceof Error)) return error.with({ message: redacted });
  // Errors of undici also hold the bytes that were received.
  const kept = { name: cause.name, ...('code' in cause && { code: cause.code }) };
  const copy = Object.assign(new Error(redact(cause.message, secrets)), kept);
  return error.with({ message: redacted, cause: copy });
}

/** Returns the texts by which credentials may be echoed. */
function spellingsOf(credentials: string): readonly string[] {
  const [scheme = '', ...rest] = credentials.trim().split(/\s+/);
  const secrets = rest.length === 0 ? [scheme] : rest;
  if (/^basic$/i.test(scheme)) {
    const decoded = Buffer.from(rest.join(''), 'base64').toString();
    secrets.push(decoded.slice(decoded.indexOf(':') + 1));
  }
  return [...secrets, ...secrets.map((secret) => encodeURIComponent(secret.toWellFormed()))];
}
