import type { CallerKey } from '../credentials.ts';

/** Milliseconds for which a success shows that the upstream serves. */
const RECENT_MS = 5_000;

interface Success {
  readonly caller: CallerKey;
  readonly at: number;
}

/**
 * Tells failures of the upstream from those of one caller. A failure is that caller's own if the last
 * failure was as well, and the upstream has served somebody else since, or within some seconds. It
 * remembers three callers, so two who fail in turn are not told from an outage.
 */
export interface Blame {
  succeeded(caller: CallerKey): void;
  /** Records a failure, and returns whether it counts against the upstream. */
  isUpstreams(caller: CallerKey): boolean;
}

export function createBlame(): Blame {
  let latest: Success | undefined;
  /** The latest success of another caller than `latest`. */
  let other: Success | undefined;
  let lastToFail: CallerKey | undefined;
  return {
    succeeded(caller) {
      if (latest !== undefined && latest.caller !== caller) other = latest;
      latest = { caller, at: Date.now() };
    },
    isUpstreams(caller) {
      const isAgain = lastToFail === caller;
      lastToFail = caller;
      const served = latest?.caller === caller ? other : latest;
      return !isAgain || served === undefined || Date.now() - served.at > RECENT_MS;
    },
  };
}
