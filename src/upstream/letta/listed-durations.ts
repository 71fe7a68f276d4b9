/** How long a version is taken for that of the server, in milliseconds: it may be replaced by another release. */
const VERSION_LASTS_MS = 60_000;
/** The minor version of 0.14.0, the first release whose lists show durations: older lists don't join metrics. */
const FIRST_MINOR = 14;

/**
 * Returns a function that tells whether lists show how long runs took, by the version of a health check, at most one a
 * minute for all callers. Where no version is told, they are taken to.
 *
 * @param askVersion sends a health check
 */
export function createListedDurations(askVersion: () => Promise<unknown>): () => Promise<boolean> {
  let asked: { readonly at: number; readonly areShown: Promise<boolean> } | undefined;
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
    const now = Date.now();
    if (asked === undefined || now - asked.at >= VERSION_LASTS_MS) {
      asked = { at: now, areShown: ask(asked?.areShown) };
    }
    return asked.areShown;
  };
}
