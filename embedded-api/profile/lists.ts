import type { ApiRequest } from '../routes/reply.ts';

/**
 * How cursors are interpreted. `reversed`: `before=X` selects the rows that follow X in list order, `after=X`
 * those that precede it (the runs of Letta 0.14.0 to 0.16.7). `documented`: the opposite, as in the API reference.
 */
export type CursorDialect = 'reversed' | 'documented';

interface ListRoute {
  readonly path: RegExp;
  readonly isOfRuns: boolean;
  /** What the route understands; `by time`: `after` means later in both orders. */
  readonly dialect: CursorDialect | 'by time';
  readonly defaultLimit: number;
  readonly maxLimitOnCloud: number;
}

const RUNS = { isOfRuns: true, dialect: 'reversed', defaultLimit: 100, maxLimitOnCloud: 1000 } as const;
const DETAILS = { isOfRuns: false, dialect: 'documented', defaultLimit: 100, maxLimitOnCloud: 200 } as const;

/** The lists that have cursors and a limit. */
const LISTS: readonly ListRoute[] = [
  { path: /^\/v1\/runs\/$/, ...RUNS },
  { path: /^\/v1\/_internal_runs\/$/, ...RUNS },
  { path: /^\/v1\/runs\/[^/]+\/steps$/, ...DETAILS },
  { path: /^\/v1\/runs\/[^/]+\/messages$/, ...DETAILS, dialect: 'by time' },
  { path: /^\/v1\/agents\/$/, ...DETAILS, defaultLimit: 50 },
];

export function findList({ path }: ApiRequest): ListRoute | undefined {
  return LISTS.find((list) => list.path.test(path));
}

/** Returns the query by which a list's route does what the dialect says. */
export function inDialect(
  { dialect }: ListRoute,
  wanted: CursorDialect,
  query: URLSearchParams,
): URLSearchParams {
  const byTime = query.getAll('order').at(-1) === 'desc' ? 'reversed' : 'documented';
  if (wanted === (dialect === 'by time' ? byTime : dialect)) return query;
  const swapped: Readonly<Record<string, string>> = { before: 'after', after: 'before' };
  return new URLSearchParams([...query].map(([name, value]) => [swapped[name] ?? name, value]));
}
