/**
 * What the API is like. `self-hosted`: Letta 0.16.7. `cloud`: what is known of Letta Cloud. It wants credentials,
 * lets a list have at most 200 rows, or 1000 runs, has no internal list of runs, and shows one project at a time.
 */
export const PROFILES = ['self-hosted', 'cloud'] as const;

/** How a 429 says when to come back: not at all, or in a second, as a number or as an HTTP date. */
export const RETRY_AFTER = ['seconds', 'date', 'none'] as const;

/** The default number of sample runs, and the default seed: the same one generates the same runs. */
export const SAMPLE_DEFAULTS = { runs: 2_000, seed: 1 };
