import { DEFAULT_ACTOR } from '../model/actors.ts';
import { ACTIVE_STATUSES } from '../model/enum-values.ts';
import type { Random } from '../samples/random.ts';
import type { RunStore } from '../store/store.ts';
import { castAgents } from './cast.ts';
import { createSchedule } from './schedule.ts';
import { type Script, writeScript } from './script.ts';
import { settle } from './settle.ts';

export interface LifeOptions {
  readonly store: RunStore;
  /** When it begins. */
  readonly start: Date;
  /** Chance; runs get their ids from it, so a store needs another one for each life. */
  readonly random: Random;
  /** The number of live runs that are kept; older ones are removed. @default 1000 */
  readonly kept?: number;
}

export interface Life {
  /**
   * Makes everything happen that is due at a time, in order. A time before the last one changes nothing. After a gap
   * of more than two minutes, runs under way end, but none are created for the time in between.
   */
  advance(to: Date): void;
}

/** A script that is being told. What is in here is written by `advance` alone. */
interface Telling {
  readonly script: Script;
  /** The index of the next happening. */
  next: number;
  hasEnded: boolean;
}

const KEPT = 1000;
const MAX_GAP = 120_000_000;

/**
 * Creates a life of runs in a store. What was under way is ended first. From then on, one to four runs at a time are
 * created, run, take steps, end, and call back. A run that somebody else has ended has no further story. Keeps at
 * most `kept` ended runs, and the scripts of those under way, however long it lives.
 */
export function createLife({ store, start, random, kept = KEPT }: LifeOptions): Life {
  settle(store, start);
  const agents = castAgents(store, random, start);
  let clock = start.getTime() * 1000;
  const schedule = createSchedule(random, clock);
  let tellings: Telling[] = [];

  const isActive = ({ script }: Telling): boolean => {
    const status = store.retrieve(script.id, DEFAULT_ACTOR.organizationId)?.status;
    return ACTIVE_STATUSES.some((active) => active === status);
  };
  const countActive = (): number => tellings.filter(({ hasEnded }) => !hasEnded).length;
  const create = (): void => {
    const script = writeScript(random, random.pick(agents), clock);
    const telling = { script, next: 0, hasEnded: false };
    tellings.push(telling);
    tell(telling);
    schedule.created(clock, countActive());
  };
  const forget = (telling: Telling): void => {
    tellings = tellings.filter((each) => each !== telling);
    if (!telling.hasEnded) schedule.ended(clock, countActive());
  };
  const tell = (telling: Telling): void => {
    const { id, happenings } = telling.script;
    // It may have been removed as the oldest.
    if (telling.next > 0 && store.findPosition(id) === undefined) return forget(telling);
    const happening = happenings[telling.next];
    telling.next += 1;
    happening?.apply(store);
    if (happening?.isEnd) {
      telling.hasEnded = true;
      schedule.ended(clock, countActive());
      store.removeLive(kept);
    }
    if (telling.next === happenings.length) forget(telling);
  };
  const forgetEndedByOthers = (): void => {
    tellings.filter((telling) => !telling.hasEnded && !isActive(telling)).forEach(forget);
  };

  return {
    advance(to) {
      const end = to.getTime() * 1000;
      if (end < clock) return;
      forgetEndedByOthers();
      schedule.skipTo(end - MAX_GAP);
      for (;;) {
        const first = earliest(tellings);
        const at = Math.min(schedule.next(), timeOf(first));
        if (at > end) break;
        clock = Math.max(clock, at);
        store.transaction(() => (first !== undefined && at === timeOf(first) ? tell(first) : create()));
      }
      clock = end;
    },
  };
}

function earliest(tellings: readonly Telling[]): Telling | undefined {
  return tellings.toSorted((a, b) => timeOf(a) - timeOf(b))[0];
}

function timeOf(telling: Telling | undefined): number {
  return telling?.script.happenings[telling.next]?.at ?? Infinity;
}
