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
  const hidden = new Uint8Array(text.length);
  for (const secret of credentials.flatMap(secretsOf).filter(Boolean)) {
    const piece = Math.max(MIN_PIECE, Math.min(PIECE, Math.floor(secret.length / 2)));
    const length = Math.min(secret.length, piece);
    for (let i = 0; i + length <= text.length; i++) {
      if (secret.includes(text.slice(i, i + length))) hidden.fill(1, i, i + length);
    }
  }
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
    ...(cause instanceof Error && { cause: redactCause(cause, credentials) }),
  });
}

/** Copies only the type, text and code: errors of undici also hold the bytes that were received. */
function redactCause(cause: Error, credentials: readonly string[]): Error {
  const copy = new Error(redact(cause.message, credentials));
  copy.name = cause.name;
  copy.stack = redact(cause.stack ?? '', credentials);
  return 'code' in cause ? Object.assign(copy, { code: cause.code }) : copy;
}

function secretsOf(credentials: string): readonly string[] {
  const [scheme = '', ...tokens] = credentials.trim().split(/\s+/);
  if (tokens.length === 0) return [scheme];
  if (!/^basic$/i.test(scheme)) return tokens;
  const decoded = Buffer.from(tokens.join(''), 'base64').toString();
  return [...tokens, decoded.slice(decoded.indexOf(':') + 1)];
}
