import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '../gateway-client/run-client.ts';
import { limitWaiting } from './limit-waiting.ts';
import type { Notice } from './notice.ts';

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;
/** Milliseconds until a refused notice is sent again, and between notices while the receiver refuses all of them. */
const REFUSED_DELAY_MS = 50_000;
const NEXT_DELAY_MS = 500;
/** Refusals after which a notice is set aside. After as many set aside in a row, the other notices wait. */
const MAX_REFUSALS = 3;

/** Why a notice was not delivered. */
export interface Failure {
  readonly message: string;
  /** Milliseconds that the receiver asks to wait. */
  readonly retryAfterMs?: number | undefined;
  /** Whether the receiver refused this notice, but may take others. */
  readonly isRefusal?: boolean;
}

/** Sends a notice. @returns undefined once it is delivered */
export type Send = (notice: Notice) => Promise<Failure | undefined>;

interface OutboxOptions {
  readonly send: Send;
  /** Keeps a notice that was refused for good. It stays in the outbox if that fails. */
  readonly setAside: (notice: Notice, reason: string) => Promise<void>;
  /** Called when a notice has left the outbox. */
  readonly onChange: () => void;
}

/**
 * Sends notices in order, and retries each until it is delivered. A notice that the receiver refuses is sent again
 * after the others, and set aside at the third refusal. If more than 1,000 wait, the oldest are dropped and counted.
 *
 * @param first the notices that an earlier process left undelivered
 */
export function createOutbox(first: readonly Notice[], { send, setAside, onChange }: OutboxOptions) {
  let waiting = first;
  let sending: Notice | undefined;
  let added = Promise.withResolvers<void>();
  let isWell = true;
  /** How often notices were refused, and when they are sent again, in milliseconds since 1970. */
  const refused = new WeakMap<Notice, { readonly times: number; readonly againAt: number }>();
  let setAsideInRow = 0;
  const remove = (notice: Notice): void => {
    waiting = waiting.filter((each) => each !== notice);
    onChange();
  };
  const onRefused = async (notice: Notice, message: string, report: Report): Promise<void> => {
    const times = (refused.get(notice)?.times ?? 0) + 1;
    refused.set(notice, { times, againAt: Date.now() + REFUSED_DELAY_MS });
    if (times < MAX_REFUSALS) return report(`${message} to ${notice.id}; it is sent again after others`);
    if (setAsideInRow === MAX_REFUSALS) return;
    try {
      await setAside(notice, message);
    } catch (error) {
      return report(`${notice.id} can't be set aside: ${Object(error).message}`);
    }
    remove(notice);
    setAsideInRow += 1;
    report(`${message} to ${notice.id} for the third time; it is set aside`);
    if (setAsideInRow === MAX_REFUSALS)
      report('the receiver refuses everything; the others wait until it takes one');
  };
  const againAtOf = (notice: Notice): number => refused.get(notice)?.againAt ?? 0;
  /** Returns what is sent next: new notices before those that were refused, and what opens an alert before what ends it. */
  const nextOf = (): Notice | undefined => {
    const isEarly = ({ resolves }: Notice): boolean =>
      resolves !== undefined && waiting.some(({ id }) => id === resolves);
    return waiting.filter((notice) => !isEarly(notice)).toSorted((a, b) => againAtOf(a) - againAtOf(b))[0];
  };
  /** Waits for so many milliseconds, or until a notice is added. */
  const rest = async (ms: number): Promise<void> => {
    added = Promise.withResolvers();
    await Promise.race([added.promise, sleep(ms, undefined, { ref: false })]);
  };
  return {
    waiting: () => waiting,
    /** Whether the receiver took the last notice. */
    isWell: () => isWell,
    add(notices: readonly Notice[]): void {
      waiting = limitWaiting([...waiting, ...notices], sending);
      added.resolve();
    },
    /** @param report receives failures */
    async run(report: Report): Promise<never> {
      for (let failures = 0; ;) {
        const notice = nextOf();
        const restMs = notice === undefined ? REFUSED_DELAY_MS : againAtOf(notice) - Date.now();
        if (notice === undefined || restMs > 0) {
          await rest(restMs);
          continue;
        }
        sending = notice;
        const failure = await send(notice);
        sending = undefined;
        if (failure === undefined) {
          if (!isWell) report('the receiver takes notices again');
          [failures, setAsideInRow, isWell] = [0, 0, true];
          remove(notice);
          continue;
        }
        isWell = false;
        if (failure.isRefusal === true) {
          await onRefused(notice, failure.message, report);
          if (setAsideInRow === MAX_REFUSALS) await sleep(NEXT_DELAY_MS, undefined, { ref: false });
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
