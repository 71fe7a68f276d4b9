import type { UpstreamError } from '../../errors/upstream-error.ts';
import { getOrCompute } from '../../runs/memoize.ts';
import { PROJECT_HEADERS } from '../forwarded-headers.ts';
import { BASE_HEADERS } from './request-headers.ts';

/** Stands in place of removed text. */
const REDACTED = '[redacted]';
/** Characters of a secret in a row that are removed; fewer of a secret that is shorter than twice that. */
const PIECE = 8;
const MIN_PIECE = 4;
const pieceOf = ({ length }: string) => Math.min(length, Math.max(MIN_PIECE, Math.min(PIECE, length >> 1)));
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
  for (const [length, secrets] of Map.groupBy(new Set(credentials.flatMap(spellingsOf)), pieceOf)) {
    const places = new Map<string, number[]>();
    for (let i = 0; i + length <= text.length; i++) {
      getOrCompute(places, text.slice(i, i + length), () => []).push(i);
    }
    for (const secret of secrets) {
      for (let i = 0; i + length <= secret.length; i++) {
        const piece = secret.slice(i, i + length);
        for (const at of places.get(piece) ?? []) hidden.fill(1, at, at + length);
        // Each piece is handled once: a secret may repeat a piece many times.
        places.delete(piece);
      }
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

/** Returns the forms in which the upstream may echo credentials. */
function spellingsOf(credentials: string): readonly string[] {
  const [scheme = '', ...rest] = credentials.trim().split(/\s+/);
  const secrets = rest.length === 0 ? [scheme] : rest;
  if (/^basic$/i.test(scheme)) {
    const decoded = Buffer.from(rest.join(''), 'base64').toString();
    secrets.push(decoded.slice(decoded.indexOf(':') + 1));
  }
  return [...secrets, ...secrets.map((secret) => encodeURIComponent(secret.toWellFormed()))];
}
