interface Row {
  readonly id: string;
  readonly created_at: string;
}

export interface TimeListRequest {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
  readonly order?: 'asc' | 'desc' | undefined;
}

const earlier = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function inTime(a: Row, b: Row): number {
  return earlier(a.created_at, b.created_at) || earlier(a.id, b.id);
}

/**
 * The ids that a list by time answers with, or undefined for cursors that are crossed.
 * @param rows those of the list @param all those that cursors may name
 */
export function listedIds<R extends Row>(
  rows: readonly R[],
  all: readonly R[],
  { before, after, limit = 100, order }: TimeListRequest,
  defaultOrder: 'asc' | 'desc',
): string[] | undefined {
  const isAscending = (order ?? defaultOrder) === 'asc';
  const ascending = rows.toSorted(inTime);
  const listed = isAscending ? ascending : ascending.toReversed();
  const beforeRow = all.find(({ id }) => id === before);
  const afterRow = all.find(({ id }) => id === after);
  const ids = (some: readonly R[]): string[] => some.map(({ id }) => id);
  if (beforeRow !== undefined && afterRow !== undefined) {
    if (beforeRow.created_at < afterRow.created_at) return undefined;
    const between = listed.filter((row) => inTime(row, beforeRow) < 0 && inTime(row, afterRow) > 0);
    // The server reads twice the limit and cuts the page from the middle of that.
    const read = between.slice(0, 2 * limit);
    if (read.length <= limit) return ids(read);
    const start = Math.floor(read.length / 2) - Math.floor(limit / 2);
    return ids(read.slice(start, start + limit));
  }
  /** Whether a row is on one side of a cursor; among rows of its time the side is always that of an ascending list. */
  const isBeyond = (row: R, cursor: R, side: -1 | 1): boolean => {
    const byTime = earlier(row.created_at, cursor.created_at);
    return byTime === 0 ? earlier(row.id, cursor.id) === side : byTime === (isAscending ? side : -side);
  };
  return ids(
    listed
      .filter((row) => beforeRow === undefined || isBeyond(row, beforeRow, -1))
      .filter((row) => afterRow === undefined || isBeyond(row, afterRow, 1))
      .slice(0, limit),
  );
}
