import { DEFAULT_ACTOR } from '../../embedded-api/model/actors.ts';
import { callKeys, itemOf, returnKeys, toolCall } from '../../embedded-api/model/items.ts';
import type { NewMessage, WireItem as StoredItem } from '../../embedded-api/model/rows.ts';
import { sampleDetails } from '../../embedded-api/samples/details/run-details.ts';
import { insertSamples } from '../../embedded-api/samples/sample-runs.ts';
import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore, type RunStore } from '../../embedded-api/store/store.ts';
import type { WireItem, WireStep } from './run-details.ts';
import { seededRandom } from './seeded-random.ts';

/** The lists of a run as the API gives them without pages. */
export interface WholeLists {
  readonly id: string;
  /** Whether the run asked for some types of messages only. */
  readonly isFiltered: boolean;
  readonly steps: readonly WireStep[];
  readonly items: readonly WireItem[];
}

export const LONG_RUN = { id: 'run-00000007-0000-4000-8000-000000000000', steps: 700, stored: 1500 };
const SAMPLES = { count: 1000, seed: 3, now: new Date('2026-11-20T17:00:00Z') };
const WHOLE = 'order=asc&limit=2147483647';

/** Opens a store with sample runs and a run that is longer than any of them. */
export function openLongRuns(): RunStore {
  const store = openStore({ makeDetails: sampleDetails });
  insertSamples(store, SAMPLES);
  const agent_id = store.agents.all(DEFAULT_ACTOR.organizationId)[0]?.id ?? '';
  const random = seededRandom(7);
  store.insert([{ id: LONG_RUN.id, agent_id, created_at: '2026-11-20T16:00:00Z', lacks_details: false }]);
  store.steps.insert(longRunSteps(agent_id, random));
  store.messages.insert(longRunMessages(random));
  return store;
}

/** Reads the lists of the longest runs, and of some that asked for some types of messages, each by one request. */
export async function wholeListsOf(store: RunStore): Promise<readonly WholeLists[]> {
  await using api = await startRunsApi({ store });
  const list = async <Row>(path: string): Promise<readonly Row[]> =>
    (await fetch(`${api.baseUrl}/v1/runs/${path}?${WHOLE}`)).json();
  const { organizationId } = DEFAULT_ACTOR;
  const runs = store
    .list({ organizationId, ascending: false, limit: SAMPLES.count + 1 })
    .map((run) => ({
      id: run.id,
      isFiltered: run.json.includes('"include_return_message_types":['),
      stored: run.id === LONG_RUN.id ? LONG_RUN.stored : sampleDetails(run).messages.length,
    }))
    .toSorted((a, b) => b.stored - a.stored);
  const filtered = runs.filter(({ isFiltered }) => isFiltered).slice(0, 40);
  const longest = runs.filter(({ isFiltered }) => !isFiltered).slice(0, 7);
  return await Promise.all(
    [...longest, ...filtered].map(async ({ id, isFiltered }) => ({
      id,
      isFiltered,
      steps: await list<WireStep>(`${id}/steps`),
      items: await list<WireItem>(`${id}/messages`),
    })),
  );
}

/** Steps of which many share their time, with ids in no order. */
function longRunSteps(agent_id: string, random: () => number) {
  let ms = Date.parse('2026-11-20T16:00:00Z');
  return Array.from({ length: LONG_RUN.steps }, (_, index) => {
    if (random() < 0.6) ms += 1000;
    return {
      id: idOf('step', Math.floor(random() * 1e6) * 1000 + index),
      run_id: LONG_RUN.id,
      agent_id,
      created_at: new Date(ms).toISOString().replace('.000Z', 'Z'),
      total_tokens: index,
    };
  });
}

/** Turns that end with `send_message`, whose return the whole list leaves out. */
function longRunMessages(random: () => number): readonly NewMessage[] {
  const stored: NewMessage[] = [];
  const store = (parts: readonly Part[], own: Pick<NewMessage, 'omitted_with'> = {}): string => {
    const id = idOf('message', stored.length);
    const shared = { id, run_id: LONG_RUN.id, created_at: '2026-11-20T16:00:00Z' };
    const items = parts.map(([type, keys], part) =>
      itemOf({ ...shared, step_id: null }, type, `${id}-${part}`, keys),
    );
    stored.push({ ...shared, ...own, items });
    return id;
  };
  const thought: Part = [
    'reasoning_message',
    { source: 'non_reasoner_model', reasoning: 'let me see', signature: null },
  ];
  const returned = (id: string): Part => ['tool_return_message', returnKeys([[id, { tool_return: 'done' }]])];
  for (let turn = 0; stored.length < LONG_RUN.stored; turn++) {
    store([['user_message', { content: 'hi' }]]);
    if (random() < 0.5) {
      const call = toolCall(`a${turn}`, { name: 'search', arguments: {} });
      store([thought, ['tool_call_message', callKeys([call])]]);
      store([returned(`a${turn}`)]);
    }
    const omitted_with = store([thought, ['assistant_message', { content: 'hello' }]]);
    store([returned(`b${turn}`)], { omitted_with });
  }
  return stored.slice(0, LONG_RUN.stored);
}

/** The type of an item, and what it has besides what all have. */
type Part = readonly [type: StoredItem['message_type'], keys: object];

function idOf(prefix: string, number: number): string {
  return `${prefix}-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
