/**
 * Whether lists of runs show how long runs took. Letta keeps it in the metrics of runs, which lists up to 0.13.0 don't
 * join.
 *
 * State that outlives a request, shared by all callers. It is written only from the version that the
 * upstream's health check tells; where it tells none, lists are taken to show durations.
 */
export interface ListedDurations {
  /** Records the version of a health check. */
  record(version: string | undefined): void;
  /** Asks for the version unless it was told recently. */
  areShown(): Promise<boolean>;
}

export interface ListedDurationsOptions {
  /** Sends a health check. */
  readonly askVersion: () => Promise<string | undefined>;
  /** Returns the time in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** How long an answer is valid, in milliseconds: the server may be replaced by another release. */
const ANSWER_LASTS_MS = 60_000;
/** The minor version of the first release whose lists show them, 0.14.0. */
const FIRST_MINOR = 14;

export function createListedDurations({
  askVersion,
  now = Date.now,
}: ListedDurationsOptions): ListedDurations {
  let areShown = true;
  let recordedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  const record = (version: string | undefined): void => {
    const [, minor] = /^v?0\.(\d{1,4})\./.exec(version ?? '') ?? [];
    areShown = minor === undefined || Number(minor) >= FIRST_MINOR;
    recordedAt = now();
  };
  const ask = async (): Promise<void> => {
    try {
      record(await askVersion());
    } catch {
      // What is known stays known while the health check fails.
      recordedAt = now();
    }
    asking = undefined;
  };
  return {
    record,
    async areShown() {
      if (now() - recordedAt >= ANSWER_LASTS_MS) await (asking ??= ask());
      return areShown;
    },
  };
}
