import { BrokenCircuitError, CircuitState, circuitBreaker, handleWhen, SamplingBreaker } from 'cockatiel';
import { UpstreamError } from '../../runs/errors.ts';
import type { BreakerState } from '../telemetry.ts';

/** Milliseconds after which one request may try whether the upstream is back. */
const HALF_OPEN_AFTER_MS = 5_000;
/** Opens when this share of the requests of so many milliseconds failed, and there was one a second or more. */
const SAMPLING = { threshold: 0.5, duration: 10_000, minimumRps: 1 };

/** Stops asking an upstream that fails, and lets single requests find out whether it is back. */
export interface Breaker {
  /** @throws UpstreamError `UPSTREAM_UNAVAILABLE` at once while it is open */
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
  const refusal = (): UpstreamError => {
    const leftMs = policy.state === CircuitState.Open ? openedAt + HALF_OPEN_AFTER_MS - Date.now() : 0;
    return new UpstreamError('UPSTREAM_UNAVAILABLE', 'The breaker is open', {
      retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1000)),
      retry: 'never',
    });
  };
  return {
    async run(task) {
      // The policy would let everybody wait for the one request that tries.
      if (policy.state === CircuitState.HalfOpen) throw refusal();
      try {
        return await policy.execute(task);
      } catch (error) {
        throw error instanceof BrokenCircuitError ? refusal() : error;
      }
    },
  };
}

const NAMES: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  // Nobody isolates it by hand.
  [CircuitState.Isolated]: 'open',
};

/** Failures of the upstream as such; what it refuses one caller says nothing of others. */
function isFailure(error: unknown): boolean {
  return (
    error instanceof UpstreamError &&
    (error.code === 'UPSTREAM_UNAVAILABLE' ||
      error.code === 'UPSTREAM_TIMEOUT' ||
      error.code === 'UPSTREAM_ERROR')
  );
}
