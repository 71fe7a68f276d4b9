import { createAgents, inEnglish, sampleAgent } from '../samples/agents.ts';
import { presentMicros } from '../samples/creation-times.ts';
import { durationMicros, sampleTimes } from '../samples/measurements.ts';
import { createRandom, type Random } from '../samples/random.ts';
import { seedOf } from '../samples/scenarios/index.ts';
import { DEFAULT_ACTOR } from '../store/actors.ts';
import type { Run, RunStore } from '../store/run-store.ts';
import { microsOf } from '../store/timestamps.ts';
import { isActive, type Script, writeScript } from './run-script.ts';

interface LiveRunsOptions {
  readonly store: RunStore;
  /** When live runs begin. */
  readonly start: Date;
  /** Generates the ids of runs, so a store needs another generator at each start. */
  readonly random: Random;
  /** The number of live runs that are kept; older ones are removed. @default 1000 */
  readonly kept?: number;
}

const SECOND = 1_000_000;
const [SHORTEST_GAP, LONGEST_GAP] = [3 * SECOND, 12 * SECOND];
/** The longest time for which missed runs are created, if the changes were not applied for longer. */
const MAX_GAP = 120 * SECOND;
const MAX_ACTIVE = 4;
const { organizationId: organization_id } = DEFAULT_ACTOR;

/**
 * Creates live runs in a store, after it has ended all unfinished sample runs. One to four runs at a time are created,
 * run, take steps, end, and call back; a cancelled run stops. Returns a function that applies all changes due at a time.
 */
export function createLiveRuns({ store, start, random, kept = 1000 }: LiveRunsOptions) {
  for (const run of store.of(organization_id).filter(isActive)) store.update(run.id, endOfSample(run, start));
  const agents = inEnglish(createAgents(createRandom(0), 0));
  const created_at = start.toISOString();
  const missing = agents.filter(({ id }) => store.agents.find(id) === undefined);
  store.agents.insert(missing.map(({ id }) => sampleAgent({ agent_id: id, created_at, organization_id })));
  let scripts: Script[] = [];
  /** The ids of live runs in the store, the oldest first. */
  const ids: string[] = [];
  // All times here are in microseconds since the epoch.
  let clock = start.getTime() * 1000;
  let next = clock;

  const applyUntil = (due: number): void => {
    for (const { changes } of scripts) {
      const later = changes.findIndex(({ at }) => at > due);
      for (const { apply } of changes.splice(0, later < 0 ? Infinity : later)) apply();
    }
  };

  return (to: Date): void => {
    const due = to.getTime() * 1000;
    // The callback of a run follows its end.
    scripts = scripts.filter(({ id, end }) => end <= clock || isActive(store.find(id)));
    for (;;) {
      const at = Math.max(nextCreation(scripts, next, clock), due - MAX_GAP);
      if (at > due) break;
      applyUntil(at);
      const script = writeScript(random, random.pick(agents), at, store);
      scripts.push(script);
      ids.push(script.id);
      next = at + random.between(SHORTEST_GAP, LONGEST_GAP);
    }
    applyUntil(due);
    scripts = scripts.filter(({ changes }) => changes.length > 0);
    for (const id of ids.splice(0, Math.max(0, ids.length - kept))) remove(store, id);
    clock = Math.max(clock, due);
  };
}

/** Returns when the next run may be created: at once if no run is active, and not while four are. */
function nextCreation(scripts: readonly Script[], next: number, clock: number): number {
  const ends = scripts.map(({ end }) => end).toSorted((a, b) => a - b);
  const [first = 0, ...others] = ends.filter((end) => end > next);
  if (first === 0) return Math.min(next, Math.max(clock, ends.at(-1) ?? 0));
  return others.length + 1 < MAX_ACTIVE ? next : first + SECOND;
}

/** Ends an unfinished sample run, so that only live runs are active; the same run always ends in the same way. */
function endOfSample({ id, created_at }: Run, now: Date): Partial<Run> {
  const random = createRandom(seedOf(id));
  const created = microsOf(created_at);
  const duration = Math.min(durationMicros(random), Math.floor(0.9 * (presentMicros(now) - created)));
  return { ...sampleTimes(random, { created, duration }), status: 'completed', stop_reason: 'end_turn' };
}

function remove(store: RunStore, runId: string): void {
  for (const rows of [store.steps, store.messages]) {
    for (const { id } of rows.of(runId).toReversed()) rows.delete(id);
  }
  store.delete(runId);
}

/** Milliseconds between two calls of `advance`: less than between two changes of one run. */
const TICK_MS = 250;

/**
 * Creates live runs by a real timer, which doesn't keep the process alive. The seed is the time, so that no two starts
 * make the same ids. Disposing stops all runs where they are.
 * @param onError is called with an unexpected error, after which the runs go on
 */
export function startLiveRuns(store: RunStore, onError: (error: unknown) => void): Disposable {
  const start = new Date();
  const advance = createLiveRuns({ store, start, random: createRandom(start.getTime()) });
  const tick = (): void => {
    try {
      advance(new Date());
    } catch (error) {
      onError(error);
    }
  };
  tick();
  return setInterval(tick, TICK_MS).unref();
}
