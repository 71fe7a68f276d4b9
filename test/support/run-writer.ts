import { positionOf } from '../../src/runs/position.ts';
import type { Run } from '../../src/runs/run.ts';
import { type LiveStore, runWith } from './live-store.ts';

const AGENTS = ['agent-1', 'agent-2', 'agent-3'];
const ENDS = [
  { status: 'completed', stopReason: 'end_turn' },
  { status: 'completed', stopReason: 'requires_approval' },
  { status: 'failed', stopReason: 'error' },
  { status: 'cancelled', stopReason: 'cancelled' },
] as const;

/** Milliseconds of the last duration that comes after the end of its run. */
const LAST_DURATION_MS = 5_000;

interface WriterOptions {
  /** Whether runs go on that had ended for good. */
  readonly maySurprise: boolean;
  /** Whether runs that go on have the duration from before until they end; old ones, which every client knows. */
  readonly keepsDurations: boolean;
}

/**
 * Changes a store at random: several runs at one instant, late ones, ends whose durations come later, or
 * never, approvals, and runs that go on.
 */
export function createRunWriter(
  store: LiveStore,
  random: () => number,
  { maySurprise, keepsDurations }: WriterOptions,
) {
  let changes = 0;
  /** When old runs went on that had ended. That they did is noticed by a poll, unless they have ended by then. */
  const wentOn = new Map<string, number>();
  const durations: { readonly at: number; readonly id: string; readonly ns: number }[] = [];
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  const put = (run: Run, fields: Partial<Run>): void => {
    changes += 1;
    const isOld = Date.now() - Date.parse(run.createdAt) > 45_000;
    const totalDurationNs = keepsDurations && isOld ? run.totalDurationNs : null;
    store.runs.set(run.id, { ...run, metadata: { changes }, totalDurationNs, ...fields });
  };
  const end = (run: Run): void => {
    put(run, pick(ENDS) ?? {});
    const last = durations.findIndex(({ id }) => id === run.id);
    if (last >= 0) durations.splice(last, 1);
    const at = Date.now() + random() * LAST_DURATION_MS;
    if (random() < 0.9) durations.push({ at, id: run.id, ns: Math.ceil(random() * 100) });
  };
  const create = (): void => {
    const lateMs = random() < 0.3 ? Math.floor(random() * 5000) : 0;
    const fraction = random() < 0.5 ? '.000000' : `.${String(Math.floor(random() * 1e6)).padStart(6, '0')}`;
    const at = new Date(Date.now() - lateMs).toISOString().slice(0, 19) + fraction;
    const run = runWith({ created_at: `${at}Z`, agent_id: pick(AGENTS), background: random() < 0.5 });
    if (random() < 0.5) put(run, { status: pick(['created', 'running']) ?? null });
    else end(run);
  };
  return {
    /** Runs of the day before: many that have ended, many that hang, some that wait. */
    createOld(count: number): void {
      for (let index = 0; index < count; index++) {
        const run = runWith({ created_at: '2025-12-31T00:00:00Z', agent_id: AGENTS[index % 3] });
        const state = [{ status: 'running' }, ...ENDS][index % 5];
        store.runs.set(run.id, { ...run, ...state, totalDurationNs: index % 5 === 0 ? null : 50 });
      }
    },
    /** Writes the durations that have come by then; of a run that ended before anybody watched, that is not told. */
    writeDurations(by = Date.now()): void {
      for (const [index, { at, id, ns }] of [...durations.entries()].toReversed()) {
        if (at > by) continue;
        durations.splice(index, 1);
        const run = store.runs.get(id);
        if (run !== undefined) store.runs.set(id, { ...run, totalDurationNs: ns });
      }
    },
    write(): void {
      const all = [...store.runs.values()];
      const isOpen = ({ status, stopReason }: Run): boolean =>
        status === 'created' || status === 'running' || stopReason === 'requires_approval';
      const open = all.filter((run) => isOpen(run) && Date.now() - (wentOn.get(run.id) ?? 0) > 40_000);
      const recent = all.filter(({ createdAt }) => Date.now() - Date.parse(createdAt) < 2000);
      const chance = random();
      const run = pick(open);
      if (chance < 0.4 || run === undefined) return create();
      if (chance < 0.6) return put(run, { status: 'running', stopReason: null });
      if (chance < 0.8) return end(run);
      if (chance < 0.85) return void store.runs.delete((pick([...open, ...recent]) ?? run).id);
      const isWaiting = ({ stopReason }: Run): boolean => stopReason === 'requires_approval';
      const ended = pick(all.filter((each) => (maySurprise ? each.status === 'completed' : isWaiting(each))));
      if (ended === undefined) return;
      const isKnown = isWaiting(ended);
      put(ended, { status: 'running', stopReason: null });
      if (!isKnown && Date.now() - Date.parse(ended.createdAt) > 8000) wentOn.set(ended.id, Date.now());
    },
    /** A position to begin behind. */
    anyPosition() {
      const run = pick([...store.runs.values()]);
      return run && positionOf(run);
    },
  };
}
