import { DEFAULT_ACTOR } from '../../embedded-api/model/actors.ts';
import { callKeys, itemOf, returnKeys, toolCall } from '../../embedded-api/model/items.ts';
import type { NewMessage, WireItem as StoredItem } from '../../embedded-api/model/rows.ts';
import { sampleDetails } from '../../embedded-api/samples/details/run-details.ts';
import { insertSamples } from '../../embedded-api/samples/insert-samples.ts';
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
  type Stored = Pick<NewMessage, 'omitted_with'> & { readonly types: readonly StoredItem['message_type'][] };
  const stored: Stored[] = [];
  for (let turn = 0; turn < LONG_RUN.stored; turn++) {
    stored.push({ types: ['user_message'] });
    if (random() < 0.5) {
      stored.push({ types: ['reasoning_message', 'tool_call_message'] }, { types: ['tool_return_message'] });
    }
    const omitted_with = idOf('message', stored.length);
    stored.push({ types: ['reasoning_message', 'assistant_message'] });
    stored.push({ types: ['tool_return_message'], omitted_with });
  }
  return stored.slice(0, LONG_RUN.stored).map(({ types, ...own }, index) => {
    const id = idOf('message', index);
    const shared = { id, run_id: LONG_RUN.id, created_at: '2026-11-20T16:00:00Z' };
    const source = { ...shared, step_id: null };
    return {
      ...shared,
      ...own,
      items: types.map((type, part) => itemOf(source, type, `${id}-${part}`, OWN[type] ?? {})),
    };
  });
}

/** What a message of a type has besides what all have. */
const CALL = toolCall('call', { name: 'search', arguments: {} });
const OWN: Readonly<Partial<Record<StoredItem['message_type'], object>>> = {
  user_message: { content: 'hi' },
  reasoning_message: { source: 'non_reasoner_model', reasoning: 'let me see', signature: null },
  tool_call_message: callKeys([CALL]),
  assistant_message: { content: 'hello' },
  tool_return_message: returnKeys([['call', { tool_return: 'done' }]]),
};

function idOf(prefix: string, number: number): string {
  return `${prefix}-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
