import process from 'node:process';
import { setInterval } from 'node:timers/promises';
import { DEFAULT_ACTOR } from '../../embedded-api/model/actors.ts';
import { sampleDetails } from '../../embedded-api/samples/details/run-details.ts';
import { insertSamples } from '../../embedded-api/samples/sample-runs.ts';
import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore } from '../../embedded-api/store/store.ts';

/** What this process says of itself to its parent: where it listens, and each run that it creates. */
export type UpstreamNews =
  | { readonly url: string }
  /** `at` in milliseconds since 1970. */
  | { readonly runId: string; readonly at: number };

/** Milliseconds between two runs that are created. */
const INTERVAL_MS = 250;

using store = openStore({ makeDetails: sampleDetails });
insertSamples(store, { count: 3000, seed: 1, now: new Date() });
const agentId = store.agents.all(DEFAULT_ACTOR.organizationId)[0]?.id ?? '';
await using api = await startRunsApi({ store });
const tell = (news: UpstreamNews): void => void process.send?.(news);
tell({ url: api.baseUrl });
process.once('disconnect', () => process.exit());
let count = 0;
for await (const _ of setInterval(INTERVAL_MS)) {
  count += 1;
  const id = `run-00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
  const now = new Date();
  store.insert([{ id, agent_id: agentId, status: 'completed', created_at: now.toISOString() }]);
  tell({ runId: id, at: now.getTime() });
}
