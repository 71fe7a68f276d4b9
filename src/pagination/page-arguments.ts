import { type CursorTarget, decodeCursor } from './cursor.ts';
import { InvalidCursorError, PageArgumentError } from './errors.ts';

/** The most rows a page can hold, and the most the upstream gives in one answer. */
export const MAX_PAGE_SIZE = 1000;
/** Rows of a page for which neither `first` nor `last` was given: the upstream's own default. */
const DEFAULT_PAGE_SIZE = 100;

/** Relay's four arguments as a client sends them. */
export interface ConnectionArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** The page asked for: `size` rows at the start or at the end of what lies between two places. */
export interface PageWindow {
  readonly direction: 'forward' | 'backward';
  readonly size: number;
  readonly after: CursorTarget | null;
  readonly before: CursorTarget | null;
}

/**
 * Checks the four arguments. Null and absent are the same; with neither `first` nor `last` a page
 * is the first 100 rows.
 *
 * @throws PageArgumentError for a size that is negative, over 1000, or given twice
 * @throws InvalidCursorError for a text that is no cursor
 */
export function readWindow(args: ConnectionArguments): PageWindow {
  const first = readSize('first', args.first);
  const last = readSize('last', args.last);
  if (first !== null && last !== null) {
    throw new PageArgumentError(
      'last',
      `first and last: expected one of the two, but got both (first: ${first}, last: ${last})`,
    );
  }
  return {
    direction: last === null ? 'forward' : 'backward',
    size: first ?? last ?? DEFAULT_PAGE_SIZE,
    after: readCursor('after', args.after),
    before: readCursor('before', args.before),
  };
}

function readSize(argument: string, size: number | null | undefined): number | null {
  if (size === null || size === undefined) return null;
  if (!Number.isInteger(size) || size < 0 || size > MAX_PAGE_SIZE) {
    throw new PageArgumentError(
      argument,
      `${argument}: expected a whole number from 0 to ${MAX_PAGE_SIZE}, but got ${size}`,
    );
  }
  return size;
}

function readCursor(argument: string, text: string | null | undefined): CursorTarget | null {
  if (text === null || text === undefined) return null;
  const target = decodeCursor(text);
  if (target === null) {
    throw new InvalidCursorError(
      argument,
      text,
      'is not a cursor; expected a cursor of this connection (edges.cursor, pageInfo.startCursor or endCursor) or the id of a run',
    );
  }
  return target;
}
