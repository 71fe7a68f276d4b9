import { BrokenCircuitError, CircuitState, circuitBreaker, handleWhen, SamplingBreaker } from 'cockatiel';
import { UpstreamError } from '../../runs/errors.ts';
import type { BreakerState } from '../telemetry.ts';

/** Milliseconds after which an open breaker becomes half-open and lets one probe through. */
const HALF_OPEN_AFTER_MS = 5_000;
/** Opens if half of the requests in 10 s failed, at a rate of at least one request per second. */
const SAMPLING = { threshold: 0.5, duration: 10_000, minimumRps: 1 };

/** A circuit breaker: rejects requests to a failing upstream, and probes whether it has recovered. */
export interface Breaker {
  /** @throws UpstreamError `UPSTREAM_UNAVAILABLE` at once while the breaker is open */
  run<T>(task: () => Promise<T>): Promise<T>;
}

export function createBreaker(onState: (state: BreakerState) => void): Breaker {
  const policy = circuitBreaker(handleWhen(isFailure), {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new SamplingBreaker(SAMPLING),
  });
  let openedAt = 0;
  policy.onStateChange((state) => {
    if (state === CircuitState.Open) openedAt = Date.now();
    onState(NAMES[state]);
  });
  const rejection = (): UpstreamError => {
    const leftMs = policy.state === CircuitState.Open ? openedAt + HALF_OPEN_AFTER_MS - Date.now() : 0;
    return new UpstreamError('UPSTREAM_UNAVAILABLE', 'The breaker is open', {
      retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1000)),
      retry: 'never',
    });
  };
  return {
    async run(task) {
      // While half-open, the policy would make all callers wait for the probe.
      if (policy.state === CircuitState.HalfOpen) throw rejection();
      try {
        return await policy.execute(task);
      } catch (error) {
        throw error instanceof BrokenCircuitError ? rejection() : error;
      }
    },
  };
}

const NAMES: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  // Unreachable: the breaker is never isolated manually.
  [CircuitState.Isolated]: 'open',
};

/** Whether the upstream itself failed; a request that it rejects (4xx) says nothing about its health. */
function isFailure(error: unknown): boolean {
  return (
    error instanceof UpstreamError &&
    (error.code === 'UPSTREAM_UNAVAILABLE' ||
      error.code === 'UPSTREAM_TIMEOUT' ||
      error.code === 'UPSTREAM_ERROR')
  );
}
