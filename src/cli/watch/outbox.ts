import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '../tail/run-client.ts';
import { limitWaiting, type Notice } from './notice.ts';

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;

/** Why a notice was not delivered. */
interface Failure {
  readonly message: string;
  /** Milliseconds that the receiver asks to wait. */
  readonly retryAfterMs?: number | undefined;
}

/** Sends a notice. @returns undefined once it is delivered */
export type Send = (notice: Notice) => Promise<Failure | undefined>;

/**
 * Sends notices in order, each until it is delivered, for as long as that takes. Of more than 1,000, the oldest are
 * dropped, and counted.
 *
 * @param first those that were waiting before
 * @param onDelivered is called after each
 */
export function createOutbox(first: readonly Notice[], send: Send, onDelivered: () => void) {
  let waiting = first;
  let sending = 0;
  let added = Promise.withResolvers<void>();
  return {
    waiting: () => waiting,
    add(notices: readonly Notice[]): void {
      waiting = limitWaiting([...waiting, ...notices], sending);
      added.resolve();
    },
    /** @param report receives failures */
    async run(report: Report): Promise<never> {
      for (let failures = 0; ;) {
        const [notice] = waiting;
        if (notice === undefined) {
          added = Promise.withResolvers();
          await added.promise;
          continue;
        }
        sending = 1;
        const failure = await send(notice);
        sending = 0;
        if (failure === undefined) {
          failures = 0;
          waiting = waiting.slice(1);
          onDelivered();
          continue;
        }
        const backoffMs =
          Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** failures++) * (1 + Math.random()) * 0.5;
        const delayMs = Math.max(failure.retryAfterMs ?? 0, backoffMs);
        report(
          `${failure.message}; ${waiting.length} waiting, trying again in ${Math.ceil(delayMs / 1000)} s`,
        );
        await sleep(delayMs, undefined, { ref: false });
      }
    },
  };
}
