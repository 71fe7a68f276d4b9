import type { UpstreamError } from '../../errors/upstream-error.ts';

/** Stands for what was removed. */
const REDACTED = '[redacted]';
/** Characters of a secret in a row that are removed; fewer of a secret that is shorter than twice that. */
const PIECE = 8;
const MIN_PIECE = 4;

/**
 * Removes secrets from a text of the upstream, which may echo the credentials that it was sent: whole,
 * without their scheme, decoded (Basic), and in pieces of eight characters and more.
 *
 * @param credentials `Authorization` headers, or secrets on their own
 */
export function redact(text: string, credentials: readonly string[]): string {
  const secrets = credentials.flatMap(secretsOf);
  const hidden = new Uint8Array(text.length);
  for (const secret of secrets) hidePieces(text, secret, hidden);
  let result = '';
  for (let i = 0; i < text.length; i++) {
    if (hidden[i] === 0) result += text[i];
    else if (i === 0 || hidden[i - 1] === 0) result += REDACTED;
  }
  return result;
}

/** Returns a copy of an error of the upstream in which message and causes are redacted. */
export function redactError(error: UpstreamError, credentials: readonly string[]): UpstreamError {
  const { message, cause } = error;
  return error.with({
    message: redact(message, credentials),
    ...(cause !== undefined && { cause: redactCause(cause, credentials) }),
  });
}

/** Copies only the type, text and code: errors of undici also hold the bytes that were received. */
function redactCause(cause: unknown, credentials: readonly string[]): Error {
  if (!(cause instanceof Error)) return new Error(redact(String(cause), credentials));
  const copy = new Error(redact(cause.message, credentials));
  copy.name = cause.name;
  copy.stack = redact(cause.stack ?? '', credentials);
  return 'code' in cause ? Object.assign(copy, { code: cause.code }) : copy;
}

function secretsOf(credentials: string): readonly string[] {
  const [scheme = '', ...rest] = credentials.trim().split(/\s+/);
  const tokens = rest.length === 0 ? [scheme] : rest;
  if (!/^basic$/i.test(scheme) || rest.length === 0) return tokens;
  const [, password] = /^[^:]*:(.*)$/s.exec(Buffer.from(rest.join(''), 'base64').toString()) ?? [];
  return password === undefined ? tokens : [...tokens, password];
}

/** Marks every part of the text that is a piece of the secret. */
function hidePieces(text: string, secret: string, hidden: Uint8Array): void {
  const length = Math.min(secret.length, Math.max(MIN_PIECE, Math.min(PIECE, Math.floor(secret.length / 2))));
  if (length === 0) return;
  const pieces = new Set<string>();
  for (let i = 0; i + length <= secret.length; i++) pieces.add(secret.slice(i, i + length));
  for (let i = 0; i + length <= text.length; i++) {
    if (pieces.has(text.slice(i, i + length))) hidden.fill(1, i, i + length);
  }
}
