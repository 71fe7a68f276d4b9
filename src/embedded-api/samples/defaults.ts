/** The default number of sample runs, and the default seed. */
export const SAMPLE_DEFAULTS = {
  runs: 2_000,
  /** The same seed generates the same runs. */
  seed: 1,
};
