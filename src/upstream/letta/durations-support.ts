/** Milliseconds after which the version is asked for again: the server may have been replaced by another release. */
const MAX_VERSION_AGE_MS = 60_000;
/** The minor version of 0.14.0, the first release whose lists show durations: older lists don't join metrics. */
const FIRST_MINOR = 14;

/**
 * Returns a function that tells whether lists show how long runs took, by the version in a health check, at most one a
 * minute for all callers. True if the check has no version.
 *
 * @param askVersion sends a health check
 */
export function createDurationsSupport(askVersion: () => Promise<unknown>): () => Promise<boolean> {
  let lastCheck: { readonly at: number; readonly areShown: Promise<boolean> } | undefined;
  const ask = async (before: Promise<boolean> | undefined): Promise<boolean> => {
    try {
      const [, minor] = /^v?0\.(\d{1,4})\./.exec(String(await askVersion())) ?? [];
      return minor === undefined || Number(minor) >= FIRST_MINOR;
    } catch {
      // Nothing new is known while the health check fails.
      return before ?? true;
    }
  };
  return () => {
    const now = performance.now();
    if (lastCheck === undefined || now - lastCheck.at >= MAX_VERSION_AGE_MS) {
      lastCheck = { at: now, areShown: ask(lastCheck?.areShown) };
    }
    return lastCheck.areShown;
  };
}
