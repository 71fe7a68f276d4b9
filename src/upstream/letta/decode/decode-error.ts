import { UpstreamError } from '../../../errors/upstream-error.ts';

/** The upstream's JSON is not what it should be; the message has the path. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError' as const;

  /**
   * @param row the index in a list that the value belongs to; null outside of a list
   * @param path below the row, such as `request_config.use_assistant_message`; empty for the row itself
   */
  constructor(row: number | null, path: string, expected: string, value: unknown) {
    const fullPath = `$${row === null ? '' : `[${row}]`}${path === '' ? '' : `.${path}`}`;
    super(`${fullPath}: expected ${expected}, but got ${kindOf(value)}`);
  }
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}

/** Returns what was decoded. @throws UpstreamError for what can't be decoded */
export function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', error.message, { cause: error });
  }
}
