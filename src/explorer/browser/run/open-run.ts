import { type Facts, type Message, RUN_FACTS, RUN_ITEMS, type Step } from '../documents/run.ts';
import { type AnswerError, ApiError, asApiError } from '../gateway/api-error.ts';
import { query } from '../gateway/query.ts';
import { stayConnected } from '../gateway/stay-connected.ts';
import { isActive, stateOf } from '../runs/states.ts';
import { createStore, type Store } from '../store.ts';
import { type ItemList, openItems } from './items.ts';

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
  readonly steps: ItemList<Step>;
  readonly messages: ItemList<Message>;
  readonly loadItems: () => Promise<void>;
  /** Keeps all of it as it is, until the run has ended or the signal aborts. */
  readonly follow: (signal: AbortSignal) => Promise<void>;
}

/** How many of the newest items are read at first, and again while the run goes on: a step takes a request for its times. */
export const PAGE = { steps: 50, messages: 100 };
const AGAIN = { steps: 3, messages: 50 };
/** Milliseconds between two readings while it runs, and while it waits for approval. */
const REFRESH_MS = { running: 3000, waiting: 10_000 };
/** An ended run may lack its duration for a moment. */
const SETTLING_MS = 60_000;

export function openRun(id: string): OpenRun {
  const store = createStore<RunState>({ run: undefined, errors: [], error: undefined });
  const steps = openItems<Step>(async (page, signal) => {
    const { data, errors } = await query(RUN_ITEMS, { id, ...page, steps: true, messages: false }, signal);
    return { page: data.run?.steps, errors };
  });
  const messages = openItems<Message>(async (page, signal) => {
    const { data, errors } = await query(RUN_ITEMS, { id, ...page, steps: false, messages: true }, signal);
    return { page: data.run?.messages, errors };
  });

  async function loadFacts(signal: AbortSignal): Promise<void> {
    const { data, errors } = await query(RUN_FACTS, { id }, signal);
    const error = errors.find(({ path = [] }) => path.length < 2);
    if (data.run === null && error !== undefined) throw new ApiError(error);
    store.set({ run: data.run, errors, error: undefined });
  }
  async function loadItems(signal?: AbortSignal, sizes = PAGE): Promise<void> {
    await Promise.all([steps.load(sizes.steps, signal), messages.load(sizes.messages, signal)]);
  }

  async function follow(signal: AbortSignal): Promise<void> {
    const done = new AbortController();
    const work = async (connected: AbortSignal, onLive: () => void): Promise<void> => {
      await loadFacts(connected);
      onLive();
      await loadItems(connected);
      const hasChanged = !isSettled(store.get().run);
      while (!isSettled(store.get().run)) {
        const { run } = store.get();
        await pause(REFRESH_MS[run && stateOf(run) === 'WAITING' ? 'waiting' : 'running'], connected);
        await Promise.all([loadFacts(connected), loadItems(connected, AGAIN)]);
      }
      // Many steps may have come at once.
      if (hasChanged) await loadItems(connected);
      // The run is as it will stay. An abort ends the attempts to stay connected.
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

/** Waits; throws if the signal aborts meanwhile. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
    signal.addEventListener('abort', () => resolve());
  });
  signal.throwIfAborted();
}
