import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore } from '../../embedded-api/store/store.ts';

/** Whose runs are there from the start, and whose come and change. */
export const STILL_AGENT = 'agent-00000000-0000-4000-8000-000000000001';
export const BUSY_AGENT = 'agent-00000000-0000-4000-8000-000000000002';
const STILL_RUNS = 500;
/** Of the runs that come, every third one ends a while after it began. */
const LASTING = 3;

/** A runs API whose runs are known. */
export interface KnownRuns extends AsyncDisposable {
  readonly baseUrl: string;
  /** The ids of the first agent's runs, the newest first. */
  readonly still: readonly string[];
  /** The run behind which streams begin. */
  readonly start: string;
  /** What every stream has to have received at last: the status of each run since then. */
  readonly statuses: ReadonlyMap<string, string>;
  /** Adds and ends runs until it is told to stop. @param everyMs milliseconds from one to the next */
  change(everyMs: number): () => void;
}

export async function startKnownRuns(): Promise<KnownRuns> {
  const store = openStore();
  const idOf = (agent: number, number: number): string =>
    `run-0000000${agent}-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const ended = { status: 'completed', stop_reason: 'end_turn', total_duration_ns: 5 };
  const still = Array.from({ length: STILL_RUNS }, (_, index) => idOf(1, index));
  store.insert(
    still.map((id, index) => ({
      id,
      agent_id: STILL_AGENT,
      created_at: new Date(Date.parse('2026-01-01T00:00:00Z') + index * 1000).toISOString(),
      ...ended,
    })),
  );
  const start = idOf(2, 0);
  store.insert([{ id: start, agent_id: BUSY_AGENT, created_at: new Date().toISOString(), ...ended }]);
  const statuses = new Map<string, string>();
  let last = 0;
  const change = (): void => {
    const id = idOf(2, ++last);
    const isLasting = last % LASTING === 0;
    const state = isLasting ? { status: 'running' } : ended;
    store.insert([{ id, agent_id: BUSY_AGENT, created_at: new Date().toISOString(), ...state }]);
    statuses.set(id, state.status.toUpperCase());
    const old = idOf(2, last - LASTING * LASTING);
    if (statuses.get(old) !== 'RUNNING') return;
    const completed_at = new Date().toISOString();
    store.update(old, { status: 'failed', stop_reason: 'error', total_duration_ns: 7, completed_at });
    statuses.set(old, 'FAILED');
  };
  const api = await startRunsApi({ store });
  return {
    baseUrl: api.baseUrl,
    still: still.toReversed(),
    start,
    statuses,
    change(everyMs) {
      const timer = setInterval(change, everyMs);
      return () => clearInterval(timer);
    },
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      store[Symbol.dispose]();
    },
  };
}
