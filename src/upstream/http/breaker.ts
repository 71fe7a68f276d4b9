import { CircuitState, SamplingBreaker } from 'cockatiel';
import { UpstreamError } from '../../runs/errors.ts';
import type { CallerKey } from '../credentials.ts';
import type { BreakerState } from '../telemetry.ts';
import { createBlame } from './blame.ts';

/** Milliseconds after which an open breaker becomes half-open and lets one probe through. */
const HALF_OPEN_AFTER_MS = 5_000;
/** Opens if half of the requests in 10 s failed, at a rate of at least one request per second. */
const SAMPLING = { threshold: 0.5, duration: 10_000, minimumRps: 1 };

/** Who sends a request, and whether it can tell anything about the upstream. */
interface BreakerRequest {
  readonly caller: CallerKey;
  /** Whether it is so unusual that a failure may be its own fault: its outcome doesn't count. */
  readonly isUnusual: boolean;
  /** Whether a 500 may be the fault of the one object that it asks for: a 500 doesn't count. */
  readonly mayFailAlone?: boolean;
}

/**
 * A circuit breaker: rejects requests to a failing upstream, and probes whether it has recovered.
 *
 * All callers share it, so it counts only what speaks of the upstream: not what it refuses (4xx), not
 * unusual requests, not what was aborted, not objects that it fails to send, and not failures that only
 * one caller meets while it serves others (`createBlame`).
 */
export interface Breaker {
  /** @throws UpstreamError `UPSTREAM_UNAVAILABLE` at once while the breaker is open */
  run<T>(task: () => Promise<T>, request: BreakerRequest): Promise<T>;
}

export function createBreaker(onState: (state: BreakerState) => void): Breaker {
  // Cockatiel's own policy takes an aborted probe for a success, so only its sampling is used.
  let sampling = new SamplingBreaker(SAMPLING);
  const blame = createBlame();
  let state: BreakerState = 'closed';
  let openedAt = 0;
  let isProbing = false;

  const enter = (next: BreakerState): void => {
    state = next;
    if (next === 'open') openedAt = Date.now();
    if (next === 'closed') sampling = new SamplingBreaker(SAMPLING);
    onState(next);
  };

  const record = (outcome: Outcome, caller: CallerKey): void => {
    // The outcomes of requests that began before it opened say nothing new.
    if (state !== 'closed' || outcome === 'inconclusive') return;
    if (outcome === 'success') {
      blame.succeeded(caller);
      sampling.success(CircuitState.Closed);
    } else if (blame.isUpstreams(caller) && sampling.failure(CircuitState.Closed)) {
      enter('open');
    }
  };

  /** Runs the only request while half-open. If it is inconclusive, the next request is the probe. */
  const probe = async <T>(task: () => Promise<T>, mayFailAlone: boolean): Promise<T> => {
    if (state === 'open') enter('half-open');
    isProbing = true;
    try {
      return await observed(task, mayFailAlone, (outcome) => {
        if (outcome !== 'inconclusive') enter(outcome === 'success' ? 'closed' : 'open');
      });
    } finally {
      isProbing = false;
    }
  };

  const rejection = (): UpstreamError => {
    const leftMs = state === 'open' ? openedAt + HALF_OPEN_AFTER_MS - Date.now() : 0;
    return new UpstreamError('UPSTREAM_UNAVAILABLE', 'The breaker is open', {
      retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1000)),
      retry: 'never',
    });
  };

  return {
    async run(task, { caller, isUnusual, mayFailAlone = false }) {
      if (state === 'closed') {
        if (isUnusual) return task();
        return observed(task, mayFailAlone, (outcome) => record(outcome, caller));
      }
      const isWaiting = state === 'open' && Date.now() - openedAt < HALF_OPEN_AFTER_MS;
      if (isWaiting || isProbing || isUnusual) throw rejection();
      return probe(task, mayFailAlone);
    },
  };
}

type Outcome = 'success' | 'failure' | 'inconclusive';

async function observed<T>(
  task: () => Promise<T>,
  mayFailAlone: boolean,
  onOutcome: (outcome: Outcome) => void,
): Promise<T> {
  try {
    const result = await task();
    onOutcome('success');
    return result;
  } catch (error) {
    onOutcome(outcomeOf(error, mayFailAlone));
    throw error;
  }
}

/** What an error says about the upstream: one that rejects a request (4xx) is up. */
function outcomeOf(error: unknown, mayFailAlone: boolean): Outcome {
  if (!(error instanceof UpstreamError)) return 'inconclusive';
  if (mayFailAlone && error.status === 500) return 'inconclusive';
  const { code } = error;
  const isFailure =
    code === 'UPSTREAM_UNAVAILABLE' || code === 'UPSTREAM_TIMEOUT' || code === 'UPSTREAM_ERROR';
  return isFailure ? 'failure' : 'success';
}
