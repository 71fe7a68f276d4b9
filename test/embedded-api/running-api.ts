import type { NewRun } from '../../embedded-api/model/rows.ts';
import { type RunsApiOptions, startRunsApi } from '../../embedded-api/server.ts';
import { openStore, type RunStore, type StoredRun } from '../../embedded-api/store/store.ts';

export interface RunningApi extends AsyncDisposable {
  readonly baseUrl: string;
  readonly store: RunStore;
  /** One request; redirects are not followed. */
  get(path: string, init?: RequestInit): Promise<Response>;
  /** The ids that `GET /v1/runs/?query` lists. */
  ids(query: string): Promise<string[]>;
  json(path: string, init?: RequestInit): Promise<{ status: number; body: unknown }>;
}

/** A real server on a free port over the given runs. */
export async function runningApi(
  runs: Iterable<NewRun>,
  options: Omit<RunsApiOptions, 'store'> = {},
): Promise<RunningApi> {
  const store = openStore();
  store.insert(runs);
  const api = await startRunsApi({ store, ...options });
  const get: RunningApi['get'] = (path, init) => fetch(api.baseUrl + path, { redirect: 'manual', ...init });
  return {
    baseUrl: api.baseUrl,
    store,
    get,
    async ids(query) {
      const response = await get(`/v1/runs/?${query}`);
      const list: StoredRun[] = await response.json();
      return list.map(({ id }) => id);
    },
    async json(path, init) {
      const response = await get(path, init);
      return { status: response.status, body: await response.json() };
    },
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      store[Symbol.dispose]();
    },
  };
}

/** `run-` and a version 4 UUID that begins with the number. */
export function runId(number: number): string {
  return `run-${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

/** R1 is the oldest; R2 and R3 share their microsecond. */
export const FIVE_RUNS: readonly NewRun[] = [
  { id: runId(1), agent_id: 'agent-a', created_at: '2025-01-01T00:00:01Z' },
  { id: runId(2), agent_id: 'agent-a', created_at: '2025-01-01T00:00:02.500000Z' },
  { id: runId(3), agent_id: 'agent-b', created_at: '2025-01-01T00:00:02.500000Z' },
  { id: runId(4), agent_id: 'agent-b', created_at: '2025-01-01T00:00:04.100000Z' },
  { id: runId(5), agent_id: 'agent-b', created_at: '2025-01-01T00:00:05Z' },
];
