import { LRUCache } from 'lru-cache';
import type { CallerKey } from '../credentials.ts';
import type { BreakerChange } from '../telemetry-events.ts';
import { failure, type Outcome } from './failure-policies.ts';

/** The surplus of failures over successes at which a breaker opens. */
const MAX_SURPLUS = 10;
/** Milliseconds after which an open breaker becomes half-open and lets one probe through. */
const HALF_OPEN_AFTER_MS = 5_000;
/** The part of a retry that each call adds to its caller's budget: one retry per five calls. */
const RETRIES_PER_CALL = 0.2;
/** The most retries that can be saved up, and the initial balance, so that few calls can be retried too. */
const MAX_RETRIES_SAVED = 10;
/** Milliseconds without a change after which the state of a caller is dropped. */
const DROP_AFTER_MS = 60_000;
/** The most callers with state. */
const MAX_CALLERS = 10_000;

interface CallerState {
  /** The surplus of failures over successes. At `MAX_SURPLUS`, the breaker is open until a probe succeeds. */
  readonly surplus: number;
  /** When a request may probe, by `performance.now`; Infinity while a probe is under way. */
  readonly probeAt: number;
  /** The retries that may still be sent. */
  readonly retries: number;
  /** The time until which no request is sent, by `performance.now`. */
  readonly blockedUntil: number;
}

const INITIAL_STATE: CallerState = { surplus: 0, probeAt: 0, retries: MAX_RETRIES_SAVED, blockedUntil: 0 };

/**
 * For each caller whom the upstream has failed: a circuit breaker, a retry budget, so that retries don't multiply the
 * load in an outage, and a hold-back, in which all requests of the caller wait for the time that a 429 names.
 */
export class CallerLimits {
  readonly #callers: LRUCache<string, CallerState>;
  readonly #maxHoldMs: number;
  readonly #onBreaker: (change: BreakerChange, open: number) => void;
  #open = 0;

  /**
   * @param maxHoldMs how long a request can wait
   * @param onBreaker receives how many callers' breakers are open, whenever one opens or closes
   */
  constructor(maxHoldMs: number, onBreaker: (change: BreakerChange, open: number) => void) {
    this.#maxHoldMs = maxHoldMs;
    this.#onBreaker = onBreaker;
    this.#callers = new LRUCache<string, CallerState>({
      max: MAX_CALLERS,
      ttl: Math.max(DROP_AFTER_MS, maxHoldMs),
      ttlAutopurge: true,
      // Otherwise lru-cache uses the `performance` that it found when it was loaded, before tests set a clock.
      perf: performance,
      dispose: (dropped, _caller, reason) => {
        if (reason === 'evict' || reason === 'expire') this.#report(dropped, INITIAL_STATE);
      },
    });
  }

  /** @throws UpstreamError while the caller's breaker is open, and while the caller is held back */
  check(caller: CallerKey): void {
    const { surplus, probeAt, blockedUntil } = this.#stateOf(caller);
    const now = performance.now();
    if (surplus === MAX_SURPLUS && probeAt > now) {
      const retryAfterMs = probeAt === Infinity ? 1000 : Math.max(1000, Math.ceil(probeAt - now));
      throw failure('breakerOpen', 'The breaker is open', { retryAfterMs });
    }
    const retryAfterMs = Math.ceil(blockedUntil - now);
    if (retryAfterMs > 0)
      throw failure('heldBack', 'The time that a 429 named is not over', { retryAfterMs });
  }

  /** Checks as `check` does; returns a function to call with the outcome of the attempt. */
  begin(caller: CallerKey): (outcome: Outcome) => void {
    this.check(caller);
    if (this.#stateOf(caller).surplus < MAX_SURPLUS) return (outcome) => this.#count(caller, outcome);
    this.#update(caller, { probeAt: Infinity });
    return (outcome) => {
      const probeAt = outcome === 'down' ? performance.now() + HALF_OPEN_AFTER_MS : 0;
      this.#update(caller, { probeAt, ...(outcome === 'up' && { surplus: 0 }) });
    };
  }

  /**
   * Holds the caller back for the `Retry-After` of a 429. A time longer than a request can wait is ignored: it may
   * concern one kind of request.
   */
  holdBack(caller: CallerKey, retryAfterMs: number): void {
    if (retryAfterMs > this.#maxHoldMs) return;
    // Responses may overtake each other, so the later time counts.
    const blockedUntil = Math.max(this.#stateOf(caller).blockedUntil, performance.now() + retryAfterMs);
    this.#update(caller, { blockedUntil });
  }

  /** Adds to the retry budget, for each call. */
  deposit(caller: CallerKey): void {
    const { retries } = this.#stateOf(caller);
    if (retries === MAX_RETRIES_SAVED) return;
    this.#update(caller, { retries: Math.min(MAX_RETRIES_SAVED, retries + RETRIES_PER_CALL) });
  }

  /** Takes one retry out of the budget; returns false if it is exhausted. */
  withdraw(caller: CallerKey): boolean {
    const { retries } = this.#stateOf(caller);
    if (retries >= 1) this.#update(caller, { retries: retries - 1 });
    return retries >= 1;
  }

  #count(caller: CallerKey, outcome: Outcome): void {
    const before = this.#stateOf(caller).surplus;
    // The outcomes of requests that began before the breaker opened say nothing new.
    if (before === MAX_SURPLUS || outcome === 'inconclusive' || (outcome === 'up' && before === 0)) return;
    const surplus = before + (outcome === 'down' ? 1 : -1);
    this.#update(caller, { surplus, probeAt: performance.now() + HALF_OPEN_AFTER_MS });
  }

  #stateOf(caller: CallerKey): CallerState {
    return this.#callers.get(caller) ?? INITIAL_STATE;
  }

  #update(caller: CallerKey, change: Partial<CallerState>): void {
    const before = this.#stateOf(caller);
    const next = { ...before, ...change };
    const isBlocked = next.blockedUntil > performance.now();
    const isInitial = next.surplus === 0 && next.retries === MAX_RETRIES_SAVED && !isBlocked;
    if (isInitial) this.#callers.delete(caller);
    else this.#callers.set(caller, next);
    this.#report(before, next);
  }

  #report(before: CallerState, next: CallerState): void {
    const change = Number(next.surplus === MAX_SURPLUS) - Number(before.surplus === MAX_SURPLUS);
    this.#open += change;
    if (change !== 0) this.#onBreaker(change > 0 ? 'opened' : 'closed', this.#open);
  }
}
