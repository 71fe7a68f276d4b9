import { callerDigest, type CallerKey } from '../credentials.ts';

/**
 * What `GET /v1/_internal_runs/` turned out to be. `available`: it answered a question about an instant
 * with a run on the right side of it. `missing`: the upstream refuses the route, as Letta Cloud and old
 * servers do. `wrong`: it answered something else.
 */
export const INTERNAL_RUNS_STATES = ['available', 'missing', 'wrong'] as const;
export type InternalRunsState = (typeof INTERNAL_RUNS_STATES)[number];

/**
 * What is known about the route. No page depends on it: it only tells where to start reading. Whether
 * it is asked again is remembered for each caller by itself, since a proxy may refuse it to some of
 * them. All callers share `known`, which is shown to operators; what else it decides is whether something is
 * asked at the same time, in case that it is of no use.
 */
export interface InternalRunsMemory {
  readonly known: InternalRunsState | undefined;
  /** Whether it recently didn't serve this caller. */
  isUseless(callerKey: CallerKey): boolean;
  /** Records what an answer showed. */
  record(callerKey: CallerKey, state: InternalRunsState): void;
}

export interface InternalRunsMemoryOptions {
  /** Called when the state is first known, and whenever it changes. */
  readonly onChange?: (state: InternalRunsState) => void;
  /** Returns the time in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** How long it is not asked again, in milliseconds: the server may be replaced by another release. */
const FORGOTTEN_AFTER_MS = 60_000;
/** The callers that are remembered; further ones push out the oldest, which are then served by asking again. */
const MAX_CALLERS = 10_000;

export function createInternalRunsMemory(options: InternalRunsMemoryOptions = {}): InternalRunsMemory {
  const { onChange, now = Date.now } = options;
  const uselessSince = new Map<string, number>();
  let known: InternalRunsState | undefined;
  return {
    get known() {
      return known;
    },
    isUseless(callerKey) {
      const since = uselessSince.get(callerDigest(callerKey));
      return since !== undefined && now() - since < FORGOTTEN_AFTER_MS;
    },
    record(callerKey, state) {
      const caller = callerDigest(callerKey);
      uselessSince.delete(caller);
      if (state !== 'available') uselessSince.set(caller, now());
      const [oldest] = uselessSince.keys();
      if (uselessSince.size > MAX_CALLERS && oldest !== undefined) uselessSince.delete(oldest);
      if (known === state) return;
      known = state;
      onChange?.(state);
    },
  };
}
