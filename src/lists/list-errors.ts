import { ArgumentError } from '../errors/gateway-error.ts';
import { UpstreamError } from '../errors/upstream-error.ts';
import { stringifyJson } from '../json/stringify-json.ts';

/** A cursor that is malformed, of another list, or whose row is gone. */
export class InvalidCursorError extends ArgumentError {
  override readonly name = 'InvalidCursorError' as const;

  constructor(argument: string, cursor: string, why: string) {
    super(argument, `${argument}: ${quote(cursor)} ${why}`, 'INVALID_CURSOR');
  }
}

/** The run of a position no longer exists, so the upstream can't return the rows that follow it. */
export class VanishedPositionError extends Error {
  override readonly name = 'VanishedPositionError' as const;
  readonly id: string;

  constructor(id: string) {
    super(`The upstream has no page after ${id}`);
    this.id = id;
  }
}

/** Returns the error for a list whose next page starts at a row that was deleted since it was read. */
export function cantContinue(cause: VanishedPositionError | InvalidCursorError): UpstreamError {
  const message = 'The list changed while it was read. Ask again.';
  const details = { cause, retry: 'always', clientMessage: message } as const;
  return new UpstreamError('UPSTREAM_INVALID_RESPONSE', message, details);
}

/** Returns the value as JSON, truncated for use in an error message. */
export function quote(value: unknown): string {
  const isText = typeof value === 'string';
  // Truncated before it is serialized: it may be a megabyte long.
  const json = value === undefined ? 'undefined' : stringifyJson(isText ? value.slice(0, 80) : value);
  const isWhole = json.length <= 80 && !(isText && value.length > 80);
  return isWhole ? json : `${json.slice(0, 76)}…${isText ? '"' : ''}`;
}
