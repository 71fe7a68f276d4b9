/**
 * The server to imitate. `self-hosted`: Letta 0.16.7. `cloud`: what is known of Letta Cloud, which wants credentials,
 * lets a list have at most 200 rows, or 1000 runs, has no internal list of runs, and shows one project at a time.
 */
export const PROFILES = ['self-hosted', 'cloud'] as const;

/** The default number of sample runs, and the default seed: the same seed generates the same runs. */
export const SAMPLE_DEFAULTS = { runs: 2_000, seed: 1 };

/**
 * How cursors are interpreted. `reversed`: `before=X` selects the rows that follow X in list order, `after=X`
 * the rows that precede it (the runs of Letta 0.14.0 to 0.16.7). `documented`: the opposite, as in the API reference.
 */
export type CursorDialect = 'reversed' | 'documented';

export interface ProfileOptions {
  /** @default 'self-hosted' */
  readonly profile?: (typeof PROFILES)[number] | undefined;
  /** The dialect of lists of runs; on the Cloud, of all lists. @default 'reversed' */
  readonly dialect?: CursorDialect | undefined;
  /** The largest limit of any list. @default the profile's */
  readonly maxLimit?: number | undefined;
  /** Requests per second, such as `50`, or the share that is refused, such as `10%`. @default none */
  readonly rateLimit?: string | undefined;
  /** The bearer token that every route but health requires. @default none; on the Cloud any bearer token */
  readonly password?: string | undefined;
}
