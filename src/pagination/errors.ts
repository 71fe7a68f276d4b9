/** A page argument that can't be served; the message is for the client. */
export class PageArgumentError extends Error {
  override readonly name = 'PageArgumentError' as const;
  readonly argument: string;

  constructor(argument: string, message: string) {
    super(message);
    this.argument = argument;
  }
}

/** A cursor that leads nowhere: garbled, foreign, or its run is gone; the message is for the client. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError' as const;
  readonly argument: string;

  constructor(argument: string, cursor: string, why: string) {
    super(`${argument}: ${quote(cursor)} ${why}`);
    this.argument = argument;
  }
}

/** The value as JSON, cut to a length that an error message can carry. */
export function quote(value: unknown): string {
  // What would be cut anyway isn't written first: it may be a megabyte.
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, 80) : value) ?? String(value);
  const isWhole = typeof value !== 'string' || value.length <= 80;
  return isWhole && text.length <= 80 ? text : `${text.slice(0, 76)}…"`;
}
