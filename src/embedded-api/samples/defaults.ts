/** The sample runs of an embedded API that is started without being told otherwise. */
export const SAMPLE_DEFAULTS = {
  runs: 2_000,
  /** The same seed makes the same runs. */
  seed: 1,
};
