import { UpstreamError } from '../../../errors/upstream-error.ts';

/** The upstream's JSON is not what it should be; the message has the path. */
export class DecodeError extends UpstreamError {
  /**
   * @param row the index in a list that the value belongs to; null outside of a list
   * @param path below the row, such as `request_config.use_assistant_message`; empty for the row itself
   */
  constructor(row: number | null, path: string, expected: string, value: unknown) {
    const fullPath = `$${row === null ? '' : `[${row}]`}${path === '' ? '' : `.${path}`}`;
    super('UPSTREAM_INVALID_RESPONSE', `${fullPath}: expected ${expected}, but got ${kindOf(value)}`);
  }
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}
