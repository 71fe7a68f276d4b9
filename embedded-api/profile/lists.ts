import type { ApiRequest } from '../routes/reply.ts';

/**
 * How cursors are interpreted. `reversed`: `before=X` selects the rows that follow X in list order, `after=X`
 * those that precede it (the runs of Letta 0.14.0 to 0.16.7). `documented`: the opposite, as in the API reference.
 */
export type CursorDialect = 'reversed' | 'documented';

interface ListRoute {
  readonly isOfRuns?: true;
  /** What the route understands; `by time`: `after` means later in both orders. */
  readonly dialect: CursorDialect | 'by time';
  readonly defaultLimit: number;
  readonly maxLimitOnCloud: number;
}

/** The lists that have cursors and a limit. */
const LISTS: readonly (readonly [path: RegExp, list: ListRoute])[] = [
  [
    /^\/v1\/(?:_internal_)?runs\/$/,
    { isOfRuns: true, dialect: 'reversed', defaultLimit: 100, maxLimitOnCloud: 1000 },
  ],
  [/^\/v1\/runs\/[^/]+\/steps$/, { dialect: 'documented', defaultLimit: 100, maxLimitOnCloud: 200 }],
  [/^\/v1\/runs\/[^/]+\/messages$/, { dialect: 'by time', defaultLimit: 100, maxLimitOnCloud: 200 }],
  [/^\/v1\/agents\/$/, { dialect: 'documented', defaultLimit: 50, maxLimitOnCloud: 200 }],
];

export function findList({ path }: ApiRequest): ListRoute | undefined {
  return LISTS.find(([pattern]) => pattern.test(path))?.[1];
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
