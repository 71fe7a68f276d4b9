import { ACTIVE_STATUSES } from '../../src/runs/run-enums.ts';
import { DEFAULT_ACTOR } from '../actors.ts';
import { microsOf } from '../rows/stamps.ts';
import { createAgents, inEnglish, sampleAgent } from '../samples/agents.ts';
import { presentMicros } from '../samples/instants.ts';
import { createRandom, type Random } from '../samples/random.ts';
import { seedOf } from '../samples/scenarios/index.ts';
import { durationMicros, sampleTimes } from '../samples/times.ts';
import type { Run, RunStore } from '../store.ts';
import { type Script, writeScript } from './script.ts';

interface LiveRunsOptions {
  readonly store: RunStore;
  /** When they begin. */
  readonly start: Date;
  /** Runs get their ids from it, so a store needs another one each time. */
  readonly random: Random;
  /** The number of live runs that are kept; older ones are removed. @default 1000 */
  readonly kept?: number;
}

/** A run whose script goes on. What is in here is written by `advance` alone. */
interface Progress {
  readonly script: Script;
  /** The index of the next event. */
  next: number;
  hasEnded: boolean;
}

const SECOND = 1_000_000;
const [SHORTEST_GAP, LONGEST_GAP] = [3 * SECOND, 12 * SECOND];
const MAX_GAP = 120 * SECOND;
const MAX_ACTIVE = 4;
const { organizationId } = DEFAULT_ACTOR;

/**
 * Creates live runs in a store. What was under way is ended first. From then on, one to four runs at a time are
 * created, run, take steps, end, and call back: the last one to end is followed at once, and a fifth one waits. A run
 * that was ended from elsewhere doesn't go on, and the step that it was in is cancelled.
 */
export function createLiveRuns({ store, start, random, kept = 1000 }: LiveRunsOptions) {
  for (const run of store.in(organizationId).filter(isActive)) store.update(run.id, endOfSample(run, start));
  const agents = liveAgents(store, start);
  // In microseconds since the epoch.
  let clock = start.getTime() * 1000;
  let nextCreation = clock;
  let runs: Progress[] = [];
  /** Of live runs in the store, the oldest first. */
  const ids: string[] = [];

  const countActive = (): number => runs.filter(({ hasEnded }) => !hasEnded).length;
  const create = (): void => {
    const run = { script: writeScript(random, random.pick(agents), clock), next: 0, hasEnded: false };
    runs.push(run);
    ids.push(run.script.id);
    goOn(run);
    const gap = random.between(SHORTEST_GAP, LONGEST_GAP);
    nextCreation = countActive() < MAX_ACTIVE ? clock + gap : Infinity;
  };
  const end = (run: Progress): void => {
    if (run.hasEnded) return;
    run.hasEnded = true;
    if (countActive() === 0) nextCreation = clock;
    else if (nextCreation === Infinity) nextCreation = clock + SECOND;
  };
  const forget = (run: Progress): void => {
    end(run);
    runs = runs.filter((each) => each !== run);
  };
  const cancel = (run: Progress): void => {
    const step = store.steps.in(run.script.id).at(-1);
    if (step?.['status'] === 'pending') {
      store.steps.update(step.id, { status: 'cancelled', stop_reason: 'cancelled' });
    }
    forget(run);
  };
  const goOn = (run: Progress): void => {
    const { id, events } = run.script;
    // It may have been removed as the oldest.
    if (run.next > 0 && store.find(id) === undefined) return forget(run);
    const event = events[run.next];
    run.next += 1;
    event?.apply(store);
    if (event?.isEnd) {
      end(run);
      for (const old of ids.splice(0, ids.length - kept)) remove(store, old);
    }
    if (run.next === events.length) forget(run);
  };

  return {
    /**
     * Makes everything happen that is due at a time, in order. A time before the last one changes nothing. After a
     * gap of more than two minutes, runs under way end, but none are created for the time in between.
     */
    advance(to: Date): void {
      const due = to.getTime() * 1000;
      if (due < clock) return;
      runs.filter((run) => !run.hasEnded && !isActive(store.find(run.script.id))).forEach(cancel);
      for (;;) {
        const [first] = runs.toSorted((a, b) => timeOf(a) - timeOf(b));
        const creation = Math.max(nextCreation, due - MAX_GAP);
        const at = Math.min(creation, timeOf(first));
        if (at > due) break;
        clock = Math.max(clock, at);
        if (first !== undefined && at === timeOf(first)) goOn(first);
        else create();
      }
      clock = due;
    },
  };
}

function isActive(run: Run | undefined): boolean {
  return ACTIVE_STATUSES.some((active) => active === run?.status);
}

/** Ends a run that nothing will ever go on with, so that only live ones are under way: the same always in the same way. */
function endOfSample({ id, created_at }: Run, now: Date): Partial<Run> {
  const random = createRandom(seedOf(id));
  const created = microsOf(created_at);
  const duration = Math.min(durationMicros(random), Math.floor(0.9 * (presentMicros(now) - created)));
  return { ...sampleTimes(random, { created, duration }), status: 'completed', stop_reason: 'end_turn' };
}

function remove(store: RunStore, runId: string): void {
  for (const rows of [store.steps, store.messages]) {
    const ids = rows.in(runId).map(({ id }) => id);
    for (const id of ids) rows.delete(id);
  }
  store.delete(runId);
}

/** Returns the agents of live runs, which are always the same; those that the store lacks are stored. */
function liveAgents({ agents }: RunStore, start: Date) {
  const created_at = start.toISOString();
  const live = inEnglish(createAgents(createRandom(0), 0));
  const missing = live.filter(({ id }) => agents.find(id) === undefined);
  agents.insert(
    missing.map(({ id: agent_id, baseTemplateId: base_template_id }) =>
      sampleAgent({ agent_id, base_template_id, created_at, organization_id: organizationId }),
    ),
  );
  return live;
}

function timeOf(run: Progress | undefined): number {
  return run?.script.events[run.next]?.at ?? Infinity;
}

/** How often the clock is looked at: more often than anything happens to one run. */
const TICK_MS = 250;

/**
 * Lets runs happen in a store by a real timer, which doesn't keep the process alive. The seed is the time, so that
 * no two starts make the same ids. Disposing stops everything where it is.
 * @param timer `onError` is called with an unexpected error, after which they go on
 */
export function startLiveRuns(
  store: RunStore,
  { now, onError }: { readonly now: () => Date; readonly onError: (error: unknown) => void },
): Disposable {
  const start = now();
  const live = createLiveRuns({ store, start, random: createRandom(start.getTime()) });
  const tick = (): void => {
    try {
      live.advance(now());
    } catch (error) {
      onError(error);
    }
  };
  tick();
  const timer = setInterval(tick, TICK_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
