import { createRandom } from '../../embedded-api/samples/random.ts';
import type { RunStore, Run } from '../../embedded-api/store/run-store.ts';
import { agentId, mixedRunId, runId } from './ids.ts';

/** What is stored of a run that tests change. */
export type LiveRun = Partial<Run> & Pick<Run, 'id' | 'agent_id' | 'created_at'>;

/** A run, created so many seconds after the start of 2026, which has ended unless it has another status. */
export function runAt(number: number, seconds: number, fields: Partial<Run> = {}): LiveRun {
  const created_at = new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
  const ended = { status: 'completed', completed_at: created_at.slice(0, -1), total_duration_ns: 5 };
  return {
    id: mixedRunId(number),
    agent_id: agentId(1),
    created_at,
    ...(fields.status === undefined && ended),
    ...fields,
  };
}

/** A run that is running, the later the higher its number, up to 59. */
export function liveRun(number: number, fields = {}) {
  return {
    id: runId(number),
    agent_id: agentId(1),
    status: 'running' as const,
    created_at: `2026-01-01T00:00:${String(number).padStart(2, '0')}Z`,
    ...fields,
  };
}

const CANCELLED = { status: 'cancelled', stop_reason: 'cancelled' } as const;
const ENDS = [
  { status: 'completed', stop_reason: 'end_turn' },
  { status: 'completed', stop_reason: 'requires_approval' },
  { status: 'failed', stop_reason: 'error' },
  CANCELLED,
] as const;

/** Milliseconds of the last duration that is stored after the end of its run. */
const LAST_DURATION_MS = 5_000;

/** Milliseconds after its creation in which a paused run may be cancelled: later, nobody is told. */
const CANCELLED_WITHIN_MS = 9_000;

/**
 * Changes the runs of a store at random, as a Letta server does: several runs at one instant, late ones, ends whose
 * durations are stored later or never, pauses that are cancelled and then have another duration, runs that are deleted.
 * Nothing else changes that had ended: the answer to an approval makes a new run.
 */
export function createRunWriter(store: RunStore, seed: number) {
  const { next: draw } = createRandom(seed);
  const rows = new Map<string, LiveRun>();
  const durations: { readonly at: number; readonly id: string; readonly ns: number }[] = [];
  let [created, changes] = [0, 0];
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(draw() * items.length)];
  const change = (id: string, fields: Partial<Run>): void => {
    const row = rows.get(id);
    if (row === undefined) return;
    changes += 1;
    const patch = { ...fields, metadata: { changes } };
    store.update(id, patch);
    rows.set(id, { ...row, ...patch });
  };
  const end = (
    { id, completed_at = new Date().toISOString().slice(0, -1) }: LiveRun,
    to = pick(ENDS),
  ): void => {
    change(id, { ...to, completed_at });
    const at = Date.now() + draw() * LAST_DURATION_MS;
    if (draw() < 0.9) durations.push({ at, id, ns: Math.ceil(draw() * 100) });
  };
  const create = (): void => {
    created += 1;
    const lateMs = draw() < 0.3 ? Math.floor(draw() * 5000) : 0;
    const micros = draw() < 0.5 ? '000' : String(Math.floor(draw() * 1000)).padStart(3, '0');
    const run = {
      id: mixedRunId(created),
      agent_id: agentId(Math.ceil(draw() * 3)),
      background: draw() < 0.5,
      status: draw() < 0.5 ? 'created' : 'running',
      created_at: new Date(Date.now() - lateMs).toISOString().replace('Z', `${micros}Z`),
    };
    store.insert([run]);
    rows.set(run.id, run);
    if (draw() < 0.4) end(run);
  };
  const isOpen = ({ status }: LiveRun): boolean => status === 'created' || status === 'running';
  const isPaused = ({ stop_reason, created_at }: LiveRun): boolean =>
    stop_reason === 'requires_approval' && Date.now() - Date.parse(created_at) < CANCELLED_WITHIN_MS;
  return {
    draw,
    /** Runs from before the clock: many that hang, of which the newest or the oldest fifty may change, and some that have ended. */
    createOld(hanging: number, changing: 'newest' | 'oldest', from: string): void {
      for (let index = 0; index < hanging * 1.2; index++) {
        created += 1;
        // Two at each instant.
        const created_at = new Date(Date.parse(from) + Math.floor(index / 2)).toISOString();
        const ended = { ...pick(ENDS), completed_at: created_at.slice(0, -1), total_duration_ns: 50 };
        const state = index % 6 === 5 ? ended : { status: draw() < 0.5 ? 'created' : 'running' };
        const run = { id: mixedRunId(created), agent_id: agentId((index % 3) + 1), created_at, ...state };
        store.insert([run]);
        const isChanging = changing === 'oldest' ? index < 50 * 1.2 : index >= (hanging - 50) * 1.2;
        if (isChanging) rows.set(run.id, run);
      }
    },
    /** Stores the durations that are due by now. */
    writeDurations(): void {
      for (const duration of durations.filter(({ at }) => at <= Date.now())) {
        durations.splice(durations.indexOf(duration), 1);
        const row = rows.get(duration.id);
        if (row !== undefined) change(duration.id, { total_duration_ns: duration.ns });
      }
    },
    write(): void {
      const all = [...rows.values()];
      const run = pick(all.filter(isOpen));
      const chance = draw();
      if (chance < 0.45 || run === undefined) return create();
      const paused = pick(all.filter(isPaused));
      if (chance < 0.5 && paused !== undefined) return end(paused, CANCELLED);
      if (chance < 0.65) return change(run.id, { status: 'running' });
      if (chance < 0.9) return end(run);
      store.delete(run.id);
      rows.delete(run.id);
    },
  };
}
