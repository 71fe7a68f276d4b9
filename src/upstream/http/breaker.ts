import { LRUCache } from 'lru-cache';
import { UpstreamError } from '../../errors/upstream-error.ts';
import { callerDigest, type CallerKey } from '../credentials.ts';
import type { BreakerChange } from '../telemetry.ts';

/** By how much failures exceed successes when a breaker opens. */
const MAX_SURPLUS = 10;
/** Milliseconds after which an open breaker becomes half-open and lets one probe through. */
const HALF_OPEN_AFTER_MS = 5_000;
/** Milliseconds without an outcome that counts, after which a caller is forgotten. */
const FORGET_AFTER_MS = 60_000;
/** Callers remembered at once: so many with an open breaker, and so many with failures. */
const MAX_CALLERS = 10_000;

/** Who sends a request, and whether it can tell anything about the upstream. */
export interface BreakerRequest {
  readonly caller: CallerKey;
  /** Whether it is so unusual that a failure may be its own fault: its outcome doesn't count. */
  readonly isUnusual: boolean;
  /** Whether a 500 may be the fault of the one object that it asks for: a 500 doesn't count. */
  readonly mayFailAlone?: boolean;
}

/**
 * A circuit breaker for each caller: rejects requests of callers for whom the upstream fails, and
 * probes whether it has recovered for them.
 *
 * A breaker opens when the caller's failures exceed its successes by ten, where successes are only
 * counted against failures before them: after ten failures in a row, later if fewer fail, and hardly
 * ever while most requests succeed. What the upstream refuses (4xx) is a success; unusual requests, and
 * those that are aborted, don't count.
 *
 * State that outlives a request, written by each caller for itself: a caller's requests are rejected
 * only because of what it met itself. There is none of callers whose requests succeed, and it is
 * forgotten after a minute without outcomes that count. Beyond 10,000 callers, those who have been away
 * longest are forgotten: their requests are sent again, as if they had never failed. Callers with
 * made-up credentials or projects that fail push out only counts of failures; to push out one open
 * breaker, they have to open 10,000 within a minute.
 */
export interface Breaker {
  /** @throws UpstreamError `UPSTREAM_UNAVAILABLE` if `run` would reject such a request now */
  check(request: BreakerRequest): void;
  /** @throws UpstreamError `UPSTREAM_UNAVAILABLE` at once while the caller's breaker is open */
  run<T>(task: () => Promise<T>, request: BreakerRequest): Promise<T>;
}

export interface BreakerOptions {
  /** Milliseconds; a timeout counts if its request had so long. Otherwise it may have waited for its turn. */
  readonly patienceMs: number;
  /** Receives how many callers' breakers are open, whenever one opens or closes. */
  readonly onChange: (change: BreakerChange, open: number) => void;
}

/** A breaker that isn't closed. */
interface OpenBreaker {
  /** When it opened, or was probed in vain, by `performance.now`. */
  openedAt: number;
  isProbing: boolean;
}

export function createBreaker({ patienceMs, onChange }: BreakerOptions): Breaker {
  // By the clock that is read below, which lru-cache would take from when it was loaded.
  const limits = { max: MAX_CALLERS, ttl: FORGET_AFTER_MS, ttlAutopurge: true, perf: performance };
  /** By how much the failures of callers whose breaker is closed exceed their successes; never 0. */
  const surpluses = new LRUCache<string, number>(limits);
  const breakers = new LRUCache<string, OpenBreaker>({
    ...limits,
    noDisposeOnSet: true,
    onInsert(_breaker, _key, reason) {
      if (reason === 'add') onChange('opened', breakers.size);
    },
    disposeAfter: () => onChange('closed', breakers.size),
  });

  const record = (caller: CallerKey, outcome: Outcome): void => {
    // Nearly always, nobody has failed: there is nothing to look up.
    if (outcome === 'inconclusive' || (outcome === 'success' && surpluses.size === 0)) return;
    const key = callerDigest(caller);
    // The outcomes of requests that began before it opened say nothing new.
    if (breakers.has(key)) return;
    const surplus = (surpluses.get(key) ?? 0) + (outcome === 'failure' ? 1 : -1);
    if (surplus <= 0 || surplus === MAX_SURPLUS) surpluses.delete(key);
    else surpluses.set(key, surplus);
    if (surplus === MAX_SURPLUS) breakers.set(key, { openedAt: performance.now(), isProbing: false });
  };

  /** Records the outcome of the only request while half-open. If it is inconclusive, the next request is the probe. */
  const recordProbe = (caller: CallerKey, breaker: OpenBreaker, outcome: Outcome): void => {
    breaker.isProbing = false;
    const key = callerDigest(caller);
    if (outcome === 'success') breakers.delete(key);
    if (outcome !== 'failure') return;
    breaker.openedAt = performance.now();
    breakers.set(key, breaker);
  };

  /** Returns the caller's breaker if this request may probe, or undefined if it is closed. */
  const admit = ({ caller, isUnusual }: BreakerRequest): OpenBreaker | undefined => {
    const breaker = breakers.size === 0 ? undefined : breakers.get(callerDigest(caller));
    if (breaker === undefined) return undefined;
    const leftMs = breaker.openedAt + HALF_OPEN_AFTER_MS - performance.now();
    if (leftMs > 0 || breaker.isProbing || isUnusual) throw rejection(leftMs);
    return breaker;
  };

  return {
    check(request) {
      admit(request);
    },
    async run(task, request) {
      const breaker = admit(request);
      const { caller, isUnusual, mayFailAlone = false } = request;
      if (breaker !== undefined) breaker.isProbing = true;
      const start = performance.now();
      let outcome: Outcome = 'success';
      try {
        return await task();
      } catch (error) {
        outcome = outcomeOf(error, performance.now() - start >= patienceMs, mayFailAlone);
        throw error;
      } finally {
        if (breaker !== undefined) recordProbe(caller, breaker, outcome);
        else if (!isUnusual) record(caller, outcome);
      }
    },
  };
}

function rejection(leftMs: number): UpstreamError {
  return new UpstreamError('UPSTREAM_UNAVAILABLE', 'The breaker is open', {
    retryAfterMs: Math.max(1000, Math.ceil(leftMs)),
    retry: 'never',
  });
}

type Outcome = 'success' | 'failure' | 'inconclusive';

/**
 * What an error says about the upstream: one that rejects a request (4xx) is up.
 *
 * @param wasPatient whether the request had long enough for a timeout to count
 * @param mayFailAlone whether a 500 says nothing about other objects
 */
function outcomeOf(error: unknown, wasPatient: boolean, mayFailAlone: boolean): Outcome {
  if (!(error instanceof UpstreamError)) return 'inconclusive';
  if (mayFailAlone && error.status === 500) return 'inconclusive';
  const { code } = error;
  if (code === 'UPSTREAM_TIMEOUT') return wasPatient ? 'failure' : 'inconclusive';
  return code === 'UPSTREAM_UNAVAILABLE' || code === 'UPSTREAM_ERROR' ? 'failure' : 'success';
}
