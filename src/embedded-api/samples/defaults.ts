/** How many sample runs are made, and from which seed, unless the caller says otherwise. */
export const SAMPLE_DEFAULTS = {
  runs: 2_000,
  /** The same seed makes the same runs. */
  seed: 1,
};
