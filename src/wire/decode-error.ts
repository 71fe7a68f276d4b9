/** The upstream's JSON isn't what a run or a list of runs looks like; the message has the path. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError' as const;

  /**
   * @param row of a list that the value belongs to; null outside of a list
   * @param path below the row, such as `request_config.use_assistant_message`; empty for the row itself
   */
  constructor(row: number | null, path: string, expected: string, value: unknown) {
    const place = `$${row === null ? '' : `[${row}]`}${path === '' ? '' : `.${path}`}`;
    super(`${place}: expected ${expected}, but got ${kindOf(value)}`);
  }
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}
