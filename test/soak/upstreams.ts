import { startRunsApi } from '../../embedded-api/server.ts';
import { RunStore } from '../../embedded-api/store.ts';
import { runId } from '../support/ids.ts';

/** The runs of an upstream. */
interface Runs {
  readonly count: number;
  /** How many of them are active, the newest. */
  readonly active: number;
  /** Bytes of the metadata of each. */
  readonly bytes: number;
  readonly latencyMs?: number;
}

const FAT: Runs = { count: 1_000, active: 0, bytes: 8_000 };
const UPSTREAMS = {
  fat: FAT,
  slow: { ...FAT, latencyMs: 9_000 },
  plain: { count: 4_800, active: 1_300, bytes: 100 },
  large: { count: 1, active: 0, bytes: 31_000_000 },
} satisfies Record<string, Runs>;

export type UpstreamName = keyof typeof UPSTREAMS;

export interface Upstream {
  readonly baseUrl: string;
  /** The oldest run. */
  readonly runId: string;
}

const AGENT = 'agent-00000000-0000-4000-8000-000000000001';

/** Starts upstreams as they are needed, each of which gets a run every second. */
export function startUpstreams() {
  const stack = new AsyncDisposableStack();
  return {
    async start(name: UpstreamName): Promise<Upstream> {
      const { count, active, bytes, latencyMs = 0 }: Runs = UPSTREAMS[name];
      const store = new RunStore();
      const metadata = { text: 'x'.repeat(bytes) };
      const insert = (number: number): void => {
        const created_at = new Date(Date.now() - 60_000 + number).toISOString();
        const status = count - number <= active ? 'running' : 'completed';
        store.insert([{ id: runId(number), agent_id: AGENT, created_at, status, metadata }]);
      };
      for (let number = 0; number < count; number++) insert(number);
      let created = count;
      const changing = setInterval(() => insert(created++), 1_000);
      stack.defer(() => clearInterval(changing));
      const { baseUrl } = stack.use(await startRunsApi({ store, latencyMs }));
      return { baseUrl, runId: runId(0) };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
