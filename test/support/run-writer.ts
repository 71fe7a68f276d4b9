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
}

/**
 * Changes a store at random: several runs at one instant, late ones, ends whose durations come later, or
 * never, approvals, and runs that go on. Those have the duration from before, until some time after they
 * have ended again, and their first end as `completedAt`, as with the runs API.
 */
export function createRunWriter(store: LiveStore, random: () => number, { maySurprise }: WriterOptions) {
  let changes = 0;
  /** When old runs went on that had ended. That they did is noticed by a poll, unless they have ended by then. */
  const wentOn = new Map<string, number>();
  const durations: { readonly at: number; readonly id: string; readonly ns: number }[] = [];
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  const put = (run: Run, fields: Partial<Run>): void => {
    changes += 1;
    store.runs.set(run.id, { ...run, metadata: { changes }, ...fields });
  };
  const end = (run: Run): void => {
    put(run, { ...pick(ENDS), completedAt: run.completedAt ?? new Date().toISOString() });
    const at = Date.now() + random() * LAST_DURATION_MS;
    if (random() < 0.9) durations.push({ at, id: run.id, ns: Math.ceil(random() * 100) });
  };
  /** The runs API leaves the stop reason; where it waited, a client knows that it may go. */
  const goOn = (run: Run): void => {
    const isForgotten = run.stopReason === 'requires_approval' && random() < 0.5;
    put(run, { status: 'running', ...(isForgotten && { stopReason: null }) });
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
        const ended = { completedAt: run.createdAt, totalDurationNs: 50 };
        const state =
          index % 5 === 0 ? { status: 'running' as const } : { ...ENDS[(index % 5) - 1], ...ended };
        store.runs.set(run.id, { ...run, ...state });
      }
    },
    /** Writes the durations that have come. @param isDue of which runs those come as well that have not */
    writeDurations(isDue: (run: Run) => boolean = () => false): void {
      for (const duration of durations.toSorted((a, b) => a.at - b.at)) {
        const run = store.runs.get(duration.id);
        if (duration.at > Date.now() && !(run && isDue(run))) continue;
        durations.splice(durations.indexOf(duration), 1);
        if (run !== undefined) store.runs.set(run.id, { ...run, totalDurationNs: duration.ns });
      }
    },
    write(): void {
      const all = [...store.runs.values()];
      const isOpen = ({ status, stopReason }: Run): boolean =>
        status === 'created' || status === 'running' || stopReason === 'requires_approval';
      const open = all.filter((run) => isOpen(run) && Date.now() - (wentOn.get(run.id) ?? 0) > 20_000);
      const recent = all.filter(({ createdAt }) => Date.now() - Date.parse(createdAt) < 2000);
      const chance = random();
      const run = pick(open);
      if (chance < 0.4 || run === undefined) return create();
      if (chance < 0.6) return goOn(run);
      if (chance < 0.8) return end(run);
      if (chance < 0.85) return void store.runs.delete((pick([...open, ...recent]) ?? run).id);
      const isWaiting = ({ stopReason }: Run): boolean => stopReason === 'requires_approval';
      const ended = pick(all.filter((each) => (maySurprise ? each.status === 'completed' : isWaiting(each))));
      if (ended === undefined) return;
      const isKnown = isWaiting(ended);
      goOn(ended);
      if (!isKnown && Date.now() - Date.parse(ended.createdAt) > 8000) wentOn.set(ended.id, Date.now());
    },
    /** A position to begin behind. */
    anyPosition() {
      const run = pick([...store.runs.values()]);
      return run && positionOf(run);
    },
  };
}
