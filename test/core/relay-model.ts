/**
 * The judge of this folder: what the Relay specification makes of a list in memory. It shares no code with
 * what it judges.
 */
export interface Placed {
  readonly key: string;
  readonly id: string;
}

export type Order = 'asc' | 'desc';

/** The arguments of a page, whose cursors are positions, whether or not a row has them. */
export interface Asked {
  readonly order: Order;
  readonly first?: number | undefined;
  readonly last?: number | undefined;
  readonly after?: Placed | undefined;
  readonly before?: Placed | undefined;
}

export interface RelayPage<Row> {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** What was answered; a flag that nobody selected may be left open. */
export interface Answered<Row> {
  readonly rows: Iterable<Row>;
  readonly hasNextPage: boolean | undefined;
  readonly hasPreviousPage: boolean | undefined;
}

/** Whether the first of two comes first in a list: by its key, and of equal keys by its id. */
function isAhead(order: Order, a: Placed, b: Placed): boolean {
  const [one, other] = order === 'asc' ? [a, b] : [b, a];
  return one.key === other.key ? one.id < other.id : one.key < other.key;
}

export function inOrder<Row extends Placed>(rows: readonly Row[], order: Order): readonly Row[] {
  return rows.toSorted((a, b) => (isAhead(order, a, b) ? -1 : 1));
}

/**
 * The page of a list, as `EdgesToReturn` has it. An empty range lies where paging would start: behind `after`, or
 * ahead of `before`.
 * @param rows all that the connection holds, in any order
 */
export function relayPage<Row extends Placed>(
  rows: readonly Row[],
  { order, after, before, first, last }: Asked,
): RelayPage<Row> {
  const edges = inOrder(rows, order);
  // ApplyCursorsToEdges
  const start = after === undefined ? 0 : edges.filter((edge) => !isAhead(order, after, edge)).length;
  const end =
    before === undefined ? edges.length : edges.filter((edge) => isAhead(order, edge, before)).length;
  let [from, to] = last === undefined ? [start, Math.max(start, end)] : [Math.min(start, end), end];
  if (first !== undefined) to = Math.min(to, from + first);
  if (last !== undefined) from = Math.max(from, to - last);
  return { rows: edges.slice(from, to), hasNextPage: to < edges.length, hasPreviousPage: from > 0 };
}

/** Rows that a list has in this order, as the judge takes them: their places are their indices. */
export function placed<Row>(rows: readonly Row[]): readonly (Placed & { readonly row: Row })[] {
  return rows.map((row, index) => ({ key: String(index).padStart(9, '0'), id: '', row }));
}

/**
 * What is wrong with a page of a list that changed while it was read.
 *
 * @param moments all that the connection held, once for each moment of its requests
 */
export function problemsOf<Row extends Placed>(
  answered: Answered<Row>,
  { order, first, last, after, before }: Asked,
  moments: readonly (readonly Row[])[],
): readonly string[] {
  const problems: string[] = [];
  const check = (isRight: boolean, problem: string): void => void (isRight || problems.push(problem));
  const isForward = last === undefined;
  const size = first ?? last ?? Infinity;
  // Along the page, from the cursor that it starts at.
  const along = isForward === (order === 'asc') ? 'asc' : 'desc';
  const [near, far] = isForward ? [after, before] : [before, after];
  const rows = isForward ? [...answered.rows] : [...answered.rows].toReversed();
  const isBetween = (row: Placed, from?: Placed, to?: Placed): boolean =>
    (from === undefined || isAhead(along, from, row)) && (to === undefined || isAhead(along, row, to));

  check(rows.length <= size, `more than ${size} rows`);
  for (const [index, row] of rows.entries()) {
    check(
      moments.some((moment) => moment.includes(row)),
      `${row.id} was never there`,
    );
    check(isBetween(row, near, far), `${row.id} lies outside of the cursors`);
    check(isBetween(row, rows[index - 1]), `${row.id} is out of order`);
  }
  // A full page ends with its last row, any other one where the list does.
  const end = rows.length === size ? (rows.at(-1) ?? near) : far;
  const [earliest = new Map<string, Row>(), ...others] = moments.map(
    (moment) => new Map(moment.map((row) => [row.id, row])),
  );
  for (const row of size === 0 ? [] : earliest.values()) {
    const isDue = isBetween(row, near) && isBetween(row, undefined, end);
    const isMissing =
      isDue && others.every((moment) => moment.has(row.id)) && !rows.some(({ id }) => id === row.id);
    check(!isMissing, `${row.id} is missing, though it was always there`);
  }
  const edge = rows.at(-1) ?? near;
  const isBeyond = (row: Placed): boolean => isBetween(row, edge);
  const isBehind = (row: Placed): boolean => near !== undefined && !isBetween(row, near);
  const [next, previous] = isForward ? [isBeyond, isBehind] : [isBehind, isBeyond];
  const flags = [
    ['hasNextPage', answered.hasNextPage, next],
    ['hasPreviousPage', answered.hasPreviousPage, previous],
  ] as const;
  for (const [name, flag, isOnSide] of flags) {
    const wasSo = flag === undefined || moments.some((moment) => moment.some(isOnSide) === flag);
    check(wasSo, `${name} was never ${flag}`);
  }
  return problems;
}
