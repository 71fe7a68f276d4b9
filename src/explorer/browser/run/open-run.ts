import { RUN_FACTS, RUN_ITEMS, RUN_UPDATES } from '../documents/run.ts';
import { type AnswerError, ApiError, asApiError } from '../gateway/api-error.ts';
import { query } from '../gateway/request.ts';
import { stayConnected } from '../gateway/stay-connected.ts';
import { subscribe } from '../gateway/subscribe.ts';
import { isActive } from '../runs/states.ts';
import { createStore, type Store } from '../store.ts';
import { type ItemList, openItems } from './items.ts';
import type { Facts, Message, StepNode } from './nodes.ts';

interface RunState {
  /** Undefined until it is loaded, null if there is none. */
  readonly run: Facts | null | undefined;
  /** Of single fields of the run. */
  readonly errors: readonly AnswerError[];
  /** Why it could not be read, or is not followed any more. */
  readonly error: ApiError | undefined;
}

/** A run with its steps and messages as they are now. */
export interface OpenRun {
  readonly store: Store<RunState>;
  readonly steps: ItemList<StepNode>;
  readonly messages: ItemList<Message>;
  readonly loadItems: () => Promise<void>;
  /** Keeps it as it is, until it has ended or nobody looks at it. */
  readonly follow: (signal: AbortSignal) => Promise<void>;
}

/** How many of the newest are read at first, and again while a run goes on: each step takes a request for its times. */
const FIRST = { steps: 50, messages: 100 };
const AGAIN = { steps: 3, messages: 50 };
/** Steps and messages cause no events, so they are read again this often. */
const REFRESH_MS = 3000;
/** An ended run may lack its duration for a moment. */
const SETTLING_MS = 60_000;

export function openRun(id: string): OpenRun {
  const store = createStore<RunState>({ run: undefined, errors: [], error: undefined });
  const steps = openItems<StepNode>(FIRST.steps, async (page, signal) => {
    const { data, errors } = await query(
      RUN_ITEMS,
      { id, ...page, steps: true, messages: false },
      { signal },
    );
    return { page: data.run?.steps, errors };
  });
  const messages = openItems<Message>(FIRST.messages, async (page, signal) => {
    const { data, errors } = await query(
      RUN_ITEMS,
      { id, ...page, steps: false, messages: true },
      { signal },
    );
    return { page: data.run?.messages, errors };
  });

  async function loadRun(signal: AbortSignal): Promise<void> {
    const { data, errors } = await query(RUN_FACTS, { id }, { signal });
    const own = errors.find(({ path = [] }) => path.length < 2);
    if (data.run === null && own !== undefined) throw new ApiError(own);
    store.set({ run: data.run, errors, error: undefined });
  }
  async function loadItems(signal?: AbortSignal, sizes = FIRST): Promise<void> {
    await Promise.all([steps.load(sizes.steps, signal), messages.load(sizes.messages, signal)]);
  }

  let isRefreshing = false;
  async function refresh(signal: AbortSignal): Promise<void> {
    if (isRefreshing) return;
    isRefreshing = true;
    try {
      await Promise.all([loadRun(signal), loadItems(signal, AGAIN)]);
    } finally {
      isRefreshing = false;
    }
  }
  async function update(signal: AbortSignal): Promise<void> {
    const timer = setInterval(() => {
      // What fails here is noticed by the subscription, too.
      if (store.get().run?.status !== 'COMPLETED') refresh(signal).catch(() => {});
    }, REFRESH_MS);
    try {
      for await (const { data, errors } of subscribe(RUN_UPDATES, { id }, signal)) {
        if (errors[0] !== undefined && !data?.runUpdates) throw new ApiError(errors[0]);
        await refresh(signal);
      }
    } finally {
      clearInterval(timer);
    }
    await loadRun(signal);
    await loadItems(signal);
  }
  async function follow(signal: AbortSignal): Promise<void> {
    const done = new AbortController();
    const work = async (connected: AbortSignal, onLive: () => void): Promise<void> => {
      await loadRun(connected);
      onLive();
      await loadItems(connected);
      if (!isSettled(store.get().run)) await update(connected);
      // It is as it will stay. An abort ends the attempts to stay connected.
      done.abort();
    };
    try {
      await stayConnected(work, AbortSignal.any([signal, done.signal]));
    } catch (error) {
      store.set({ error: asApiError(error) });
    }
  }
  return { store, steps, messages, loadItems, follow };
}

/** Whether nothing of a run will change any more. */
function isSettled(run: Facts | null | undefined): boolean {
  if (!run) return true;
  if (isActive(run)) return false;
  const endedAt = Date.parse(run.completedAt ?? run.createdAt);
  return run.totalDurationNs !== null || Date.now() - endedAt > SETTLING_MS;
}
