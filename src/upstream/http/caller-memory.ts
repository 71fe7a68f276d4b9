import { LRUCache } from 'lru-cache';
import { callerDigest, type CallerKey } from '../credentials.ts';
import type { BreakerChange } from '../telemetry.ts';
import { failure, type Outcome } from './policies.ts';

/** By how much failures exceed successes when a breaker opens. */
const MAX_SURPLUS = 10;
/** Milliseconds after which an open breaker becomes half-open and lets one probe through. */
const HALF_OPEN_AFTER_MS = 5_000;
/** The part of a retry that each call adds to its caller's budget: one retry per five calls. */
const RETRIES_PER_CALL = 0.2;
/** The most retries that can be saved up, and the initial balance, so that few calls can be retried too. */
const MAX_RETRIES_SAVED = 10;
/** Milliseconds without news after which a caller is forgotten, and their largest number. */
const FORGET_AFTER_MS = 60_000;
const MAX_CALLERS = 10_000;

interface Remembered {
  /** By how much failures exceed the successes after them. At `MAX_SURPLUS`, the breaker is open until a probe succeeds. */
  readonly surplus: number;
  /** When a request may probe, by `performance.now`; Infinity while one does. */
  readonly probeAt: number;
  /** The retry budget. */
  readonly retries: number;
  /** No request is sent before, by `performance.now`. */
  readonly heldUntil: number;
}

const NOTHING: Remembered = { surplus: 0, probeAt: 0, retries: MAX_RETRIES_SAVED, heldUntil: 0 };

/**
 * For each caller whom the upstream has failed: a circuit breaker, a budget of retries, which keeps them from multiplying
 * the load in an outage, and a hold-back, by which all requests of the caller wait for the time that a 429 names.
 */
export class CallerMemory {
  readonly #callers: LRUCache<string, Remembered>;
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
    this.#callers = new LRUCache<string, Remembered>({
      max: MAX_CALLERS,
      ttl: Math.max(FORGET_AFTER_MS, maxHoldMs),
      ttlAutopurge: true,
      // By the clock that is read below, which lru-cache would take from when it was loaded.
      perf: performance,
      dispose: (forgotten, _caller, reason) => {
        if (reason === 'evict' || reason === 'expire') this.#report(forgotten, NOTHING);
      },
    });
  }

  /** @throws UpstreamError while the caller's breaker is open, and while the caller is held back */
  check(caller: CallerKey): void {
    const { surplus, probeAt, heldUntil } = this.#of(caller);
    const now = performance.now();
    if (surplus === MAX_SURPLUS && probeAt > now) {
      const retryAfterMs = probeAt === Infinity ? 1000 : Math.max(1000, Math.ceil(probeAt - now));
      throw failure('breakerOpen', 'The breaker is open', { retryAfterMs });
    }
    const retryAfterMs = Math.ceil(heldUntil - now);
    if (retryAfterMs > 0)
      throw failure('heldBack', 'The time that a 429 named is not over', { retryAfterMs });
  }

  /** As `check`, for an attempt that is sent now. Returns a function to call with what it says about the upstream. */
  begin(caller: CallerKey): (outcome: Outcome) => void {
    this.check(caller);
    if (this.#of(caller).surplus < MAX_SURPLUS) return (outcome) => this.#count(caller, outcome);
    this.#update(caller, { probeAt: Infinity });
    return (outcome) => {
      const probeAt = outcome === 'down' ? performance.now() + HALF_OPEN_AFTER_MS : 0;
      this.#update(caller, { probeAt, ...(outcome === 'up' && { surplus: 0 }) });
    };
  }

  /**
   * The upstream has answered 429, and when to ask again. Longer times than a request can wait hold back nothing: they may
   * be about one kind of request, and the others would fail.
   */
  holdBack(caller: CallerKey, retryAfterMs: number): void {
    if (retryAfterMs > this.#maxHoldMs) return;
    // Answers may overtake each other.
    const heldUntil = Math.max(this.#of(caller).heldUntil, performance.now() + retryAfterMs);
    this.#update(caller, { heldUntil });
  }

  /** Adds to the retry budget, for each call. */
  deposit(caller: CallerKey): void {
    const { retries } = this.#of(caller);
    if (retries === MAX_RETRIES_SAVED) return;
    this.#update(caller, { retries: Math.min(MAX_RETRIES_SAVED, retries + RETRIES_PER_CALL) });
  }

  /** Takes one retry out of the budget; returns false if it is exhausted. */
  withdraw(caller: CallerKey): boolean {
    const { retries } = this.#of(caller);
    if (retries >= 1) this.#update(caller, { retries: retries - 1 });
    return retries >= 1;
  }

  #count(caller: CallerKey, outcome: Outcome): void {
    const before = this.#of(caller).surplus;
    // The outcomes of requests that began before the breaker opened say nothing new.
    if (before === MAX_SURPLUS || outcome === 'inconclusive' || (outcome === 'up' && before === 0)) return;
    const surplus = before + (outcome === 'down' ? 1 : -1);
    this.#update(caller, { surplus, probeAt: performance.now() + HALF_OPEN_AFTER_MS });
  }

  #of(caller: CallerKey): Remembered {
    // Nearly always, nobody has failed: there is nothing to look up.
    return (this.#callers.size === 0 ? undefined : this.#callers.get(callerDigest(caller))) ?? NOTHING;
  }

  #update(caller: CallerKey, change: Partial<Remembered>): void {
    const before = this.#of(caller);
    const next = { ...before, ...change };
    const isHeld = next.heldUntil > performance.now();
    const isNothing = next.surplus === 0 && next.retries === MAX_RETRIES_SAVED && !isHeld;
    if (isNothing) this.#callers.delete(callerDigest(caller));
    else this.#callers.set(callerDigest(caller), next);
    this.#report(before, next);
  }

  #report(before: Remembered, next: Remembered): void {
    const change = Number(next.surplus === MAX_SURPLUS) - Number(before.surplus === MAX_SURPLUS);
    this.#open += change;
    if (change !== 0) this.#onBreaker(change > 0 ? 'opened' : 'closed', this.#open);
  }
}
