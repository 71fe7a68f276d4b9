import { type CursorIds, type CursorTarget, decodeCursor } from './cursor.ts';
import { InvalidCursorError, PageArgumentError } from './errors.ts';

/** What pages of a list may be. */
export interface PageRules {
  /** The most rows that a page can hold. */
  readonly maxSize: number;
  /** Rows of a page for which neither `first` nor `last` was given. */
  readonly defaultSize: number;
  readonly ids: CursorIds;
}

/** Relay's four arguments as a client sends them. */
export interface ConnectionArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** The page asked for: `size` rows at the start or at the end of what lies between two cursors. */
export interface PageArguments {
  readonly direction: 'forward' | 'backward';
  readonly size: number;
  readonly after: CursorTarget | null;
  readonly before: CursorTarget | null;
}

/**
 * Checks the four arguments. Null and absent are the same; with neither `first` nor `last` a page
 * is the list's first rows.
 *
 * @throws PageArgumentError for a size that is negative, too large, or given twice
 * @throws InvalidCursorError for a text that is no cursor
 */
export function readPageArguments(args: ConnectionArguments, rules: PageRules): PageArguments {
  const first = readSize('first', args.first, rules);
  const last = readSize('last', args.last, rules);
  if (first !== null && last !== null) {
    throw new PageArgumentError(
      'last',
      `first and last: expected one of the two, but got both (first: ${first}, last: ${last})`,
    );
  }
  return {
    direction: last === null ? 'forward' : 'backward',
    size: first ?? last ?? rules.defaultSize,
    after: readCursor('after', args.after, rules),
    before: readCursor('before', args.before, rules),
  };
}

function readSize(argument: string, size: number | null | undefined, { maxSize }: PageRules): number | null {
  if (size === null || size === undefined) return null;
  if (!Number.isInteger(size) || size < 0 || size > maxSize) {
    throw new PageArgumentError(
      argument,
      `${argument}: expected a whole number from 0 to ${maxSize}, but got ${size}`,
    );
  }
  return size;
}

function readCursor(
  argument: string,
  text: string | null | undefined,
  { ids }: PageRules,
): CursorTarget | null {
  if (text === null || text === undefined) return null;
  const target = decodeCursor(text, ids);
  if (target === null) {
    throw new InvalidCursorError(
      argument,
      text,
      'is not a cursor; expected a cursor of this connection (edges.cursor, pageInfo.startCursor or endCursor) or the id of a run',
    );
  }
  return target;
}
