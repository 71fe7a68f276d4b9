import { startRunsApi } from '../../embedded-api/routes/server.ts';
import { RunStore } from '../../embedded-api/store/run-store.ts';
import { runId } from '../support/ids.ts';
import { serve } from '../support/serve.ts';

/** The runs of an upstream. */
interface Runs {
  readonly count: number;
  /** How many of them are active, the newest. */
  readonly active: number;
  /** Bytes of the metadata of each. */
  readonly bytes: number;
}

const UPSTREAMS = {
  fat: { count: 1_000, active: 0, bytes: 8_000 },
  plain: { count: 4_800, active: 1_300, bytes: 100 },
  /** Its runs of `EMPTY_OBJECTS` are 28 MB of empty objects. */
  empty: { count: 10, active: 0, bytes: 100 },
} satisfies Record<string, Runs>;
/** The id of a run that is looked up by id alone. */
export const EMPTY_OBJECTS = (n: number): string => runId(900_000 + n);

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
      const { count, active, bytes }: Runs = UPSTREAMS[name];
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
      const api = stack.use(await startRunsApi({ store }));
      if (name !== 'empty') return { baseUrl: api.baseUrl, runId: runId(0) };
      const objects = Buffer.from(`{"metadata":{"a":[${'{},'.repeat(9_300_000)}{}]}}`);
      const { baseUrl } = stack.use(
        await serve(async ({ url = '' }, response) => {
          response.setHeader('content-type', 'application/json');
          if (url.includes(EMPTY_OBJECTS(0).slice(0, -4))) return response.end(objects);
          const answer = await fetch(api.baseUrl + url);
          return response.writeHead(answer.status).end(await answer.text());
        }),
      );
      return { baseUrl, runId: runId(0) };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
