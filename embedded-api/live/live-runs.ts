import { DEFAULT_ACTOR } from '../model/actors.ts';
import { ACTIVE_STATUSES } from '../model/enum-values.ts';
import { createAgents, inEnglish, sampleAgent } from '../samples/agents.ts';
import { createRandom, type Random } from '../samples/random.ts';
import type { RunStore } from '../store/store.ts';
import { createSchedule } from './schedule.ts';
import { type Script, writeScript } from './script.ts';
import { settleRuns } from './settle-runs.ts';

interface LiveRunsOptions {
  readonly store: RunStore;
  /** When they begin. */
  readonly start: Date;
  /** Runs get their ids from it, so a store needs another one each time. */
  readonly random: Random;
  /** The number of live runs that are kept; older ones are removed. @default 1000 */
  readonly kept?: number;
}

interface LiveRuns {
  /**
   * Makes everything happen that is due at a time, in order. A time before the last one changes nothing. After a gap
   * of more than two minutes, runs under way end, but none are created for the time in between.
   */
  advance(to: Date): void;
}

/** A run whose script goes on. What is in here is written by `advance` alone. */
interface Progress {
  readonly script: Script;
  /** The index of the next event. */
  next: number;
  hasEnded: boolean;
}

const KEPT = 1000;
const MAX_GAP = 120_000_000;

/**
 * Creates live runs in a store. What was under way is ended first. From then on, one to four runs at a time are
 * created, run, take steps, end, and call back. A run that somebody else has ended doesn't go on. Keeps at
 * most `kept` ended runs, and the scripts of those under way.
 */
export function createLiveRuns({ store, start, random, kept = KEPT }: LiveRunsOptions): LiveRuns {
  settleRuns(store, start);
  const agents = liveAgents(store, start);
  let clock = start.getTime() * 1000;
  const schedule = createSchedule(random, clock);
  let runs: Progress[] = [];

  const isActive = ({ script }: Progress): boolean => {
    const status = store.retrieve(script.id, DEFAULT_ACTOR.organizationId)?.status;
    return ACTIVE_STATUSES.some((active) => active === status);
  };
  const countActive = (): number => runs.filter(({ hasEnded }) => !hasEnded).length;
  const create = (): void => {
    const script = writeScript(random, random.pick(agents), clock);
    const run = { script, next: 0, hasEnded: false };
    runs.push(run);
    goOn(run);
    schedule.created(clock, countActive());
  };
  const forget = (run: Progress): void => {
    runs = runs.filter((each) => each !== run);
    if (!run.hasEnded) schedule.ended(clock, countActive());
  };
  const goOn = (run: Progress): void => {
    const { id, events } = run.script;
    // It may have been removed as the oldest.
    if (run.next > 0 && store.findPosition(id) === undefined) return forget(run);
    const event = events[run.next];
    run.next += 1;
    event?.apply(store);
    if (event?.isEnd) {
      run.hasEnded = true;
      schedule.ended(clock, countActive());
      store.removeLive(kept);
    }
    if (run.next === events.length) forget(run);
  };

  return {
    advance(to) {
      const end = to.getTime() * 1000;
      if (end < clock) return;
      runs.filter((run) => !run.hasEnded && !isActive(run)).forEach(forget);
      schedule.skipTo(end - MAX_GAP);
      for (;;) {
        const [first] = runs.toSorted((a, b) => timeOf(a) - timeOf(b));
        const at = Math.min(schedule.next(), timeOf(first));
        if (at > end) break;
        clock = Math.max(clock, at);
        store.transaction(() => (first !== undefined && at === timeOf(first) ? goOn(first) : create()));
      }
      clock = end;
    },
  };
}

/** Returns the agents of live runs, which are always the same; those that the store lacks are stored. */
function liveAgents(store: RunStore, start: Date) {
  const agents = inEnglish(createAgents(createRandom(0), 0));
  const [created_at, { organizationId: organization_id }] = [start.toISOString(), DEFAULT_ACTOR];
  for (const { id: agent_id, baseTemplateId: base_template_id } of agents) {
    if (store.agents.find(agent_id) !== undefined) continue;
    store.agents.insert([sampleAgent({ agent_id, base_template_id, created_at, organization_id })]);
  }
  return agents;
}

function timeOf(run: Progress | undefined): number {
  return run?.script.events[run.next]?.at ?? Infinity;
}
