import { ArgumentError } from '../../errors/gateway-error.ts';
import { InvalidCursorError } from '../list-errors.ts';
import { type ListDefinition, withArticle } from '../list.ts';
import { type CursorTarget, decodeCursor } from './cursor.ts';

/** The properties of a list by which the arguments of its pages are read. */
export type PageRules = Pick<ListDefinition<never>, 'noun' | 'maxRows' | 'defaultRows' | 'cursors'>;

/** The four arguments of a Relay connection as a client sends them. */
export interface ConnectionArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** The requested page: `size` rows at the start or the end of the range between two cursors. */
export interface PageArguments {
  readonly direction: 'forward' | 'backward';
  readonly size: number;
  readonly after: CursorTarget | null;
  readonly before: CursorTarget | null;
}

/**
 * Validates the four arguments. Null counts as absent; with neither `first` nor `last`, the page is
 * at the start of the list.
 *
 * @throws ArgumentError for a size that is negative, too large, or given twice
 * @throws InvalidCursorError for a malformed cursor
 */
export function readPageArguments(args: ConnectionArguments, rules: PageRules): PageArguments {
  const first = readSize('first', args.first, rules);
  const last = readSize('last', args.last, rules);
  if (first !== null && last !== null) {
    throw new ArgumentError(
      'last',
      `first and last: expected one of the two, but got both (first: ${first}, last: ${last})`,
    );
  }
  const readCursor = (argument: 'after' | 'before'): CursorTarget | null => {
    const text = args[argument] ?? null;
    const target = text === null ? null : decodeCursor(text, rules.cursors);
    if (text === null || target !== null) return target;
    const why = `is not a cursor; expected a cursor of this connection (edges.cursor, pageInfo.startCursor or endCursor) or the id of ${withArticle(rules.noun)}`;
    throw new InvalidCursorError(argument, text, why);
  };
  return {
    direction: last === null ? 'forward' : 'backward',
    size: first ?? last ?? rules.defaultRows,
    after: readCursor('after'),
    before: readCursor('before'),
  };
}

/** Reads `first` or `last`; null if it is absent. @throws ArgumentError */
export function readSize(
  argument: string,
  size: number | null | undefined,
  { maxRows }: Pick<PageRules, 'maxRows'>,
): number | null {
  if (size === null || size === undefined) return null;
  if (!Number.isInteger(size) || size < 0 || size > maxRows) {
    throw new ArgumentError(
      argument,
      `${argument}: expected a whole number from 0 to ${maxRows}, but got ${size}`,
    );
  }
  return size;
}
