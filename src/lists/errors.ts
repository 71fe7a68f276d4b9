import { stringifyJson } from '../json/stringify-json.ts';

/** An invalid page argument; the message is for the client. */
export class PageArgumentError extends Error {
  override readonly name = 'PageArgumentError' as const;
  readonly argument: string;

  constructor(argument: string, message: string) {
    super(message);
    this.argument = argument;
  }
}

/** A cursor that is malformed, foreign, or whose run is gone; the message is for the client. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError' as const;
  readonly argument: string;

  constructor(argument: string, cursor: string, why: string) {
    super(`${argument}: ${quote(cursor)} ${why}`);
    this.argument = argument;
  }
}

/** Returns the value as JSON, truncated for use in an error message. */
export function quote(value: unknown): string {
  // Truncated before it is serialized: it may be a megabyte long.
  const text =
    value === undefined ? 'undefined' : stringifyJson(typeof value === 'string' ? value.slice(0, 80) : value);
  const isWhole = typeof value !== 'string' || value.length <= 80;
  return isWhole && text.length <= 80 ? text : `${text.slice(0, 76)}…"`;
}
