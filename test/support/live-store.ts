import { UpstreamError } from '../../src/errors/upstream-error.ts';
import { VanishedPositionError } from '../../src/lists/errors.ts';
import { comparePositions } from '../../src/lists/position.ts';
import { positionOf } from '../../src/runs/position.ts';
import { mismatchedFilters, type RunFilter } from '../../src/runs/run-filters.ts';
import type { Run } from '../../src/runs/run.ts';
import type { RunsSource } from '../../src/runs/source.ts';
import { decodeRun } from '../../src/wire/decode-run.ts';

/** A list of runs that others write to while it is read. */
export interface LiveStore {
  readonly runs: Map<string, Run>;
  readonly source: RunsSource;
  /** Returns a run as lists have it. */
  listed(id: string): Run | undefined;
  /** How many lists, rows of them, runs and metrics were asked for. */
  readonly asked: { lists: number; rows: number; runs: number; metrics: number };
  /** Called whenever a request is under way. */
  onRequest: () => void;
  /** Milliseconds until the answer to a request is made, and then until it is there. */
  latencyMs: () => number;
  /** Makes the next requests fail. */
  failures: number;
}

/** By the clock that tests replace. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Of the runs of one store, so that they don't depend on the stores before. */
let serial = 0;

/** A run as a list has it. @param fields as on the wire */
export function runWith(fields: Readonly<Record<string, unknown>>): Run {
  serial += 1;
  const id = `run-${String(serial).padStart(8, '0')}-0000-4000-8000-000000000000`;
  return decodeRun({ id, agent_id: 'agent-1', status: 'created', background: false, ...fields });
}

interface LiveStoreOptions {
  /** False for a server whose lists have only the durations that are in the runs themselves. @default true */
  readonly listsDurations?: boolean;
}

export function createLiveStore({ listsDurations = true }: LiveStoreOptions = {}): LiveStore {
  serial = 0;
  const runs = new Map<string, Run>();
  const request = async (): Promise<void> => {
    // The answer is made at some time while the request is under way.
    store.onRequest();
    await sleep(store.latencyMs());
    if (store.failures > 0) {
      store.failures -= 1;
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', 'down');
    }
  };
  const unused = (): never => {
    throw new Error('Watchers have no use for it');
  };
  const asListed = (run: Run): Run =>
    listsDurations ? run : { ...asRetrieved(run), isDurationMeasured: true };
  const store: LiveStore = {
    runs,
    listed(id) {
      const run = runs.get(id);
      return run && asListed(run);
    },
    asked: { lists: 0, rows: 0, runs: 0, metrics: 0 },
    onRequest: () => undefined,
    latencyMs: () => 1,
    failures: 0,
    source: {
      async rowsFollowing({ filter, order, after, limit }) {
        await request();
        store.asked.lists += 1;
        const sign = order === 'asc' ? 1 : -1;
        if (after !== null && !runs.has(after.id)) throw new VanishedPositionError(after.id);
        const rows = matching(runs, filter)
          .toSorted((a, b) => sign * comparePositions(positionOf(a), positionOf(b)))
          .filter((run) => after === null || sign * comparePositions(positionOf(run), after) > 0)
          .slice(0, limit);
        store.onRequest();
        await sleep(store.latencyMs());
        store.asked.rows += rows.length;
        return rows.map(asListed);
      },
      async retrieve(id) {
        await request();
        store.asked.runs += 1;
        const run = runs.get(id);
        return run === undefined ? null : asRetrieved(run);
      },
      agents: { rowsFollowing: unused, readAhead: unused },
      retrieveStep: unused,
      listSteps: unused,
      listMessages: unused,
      async retrievePart(name, id) {
        await request();
        store.asked.metrics += 1;
        const run = runs.get(id);
        if (name !== 'metrics' || run === undefined) return unused();
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The part of which watchers make use.
        return { durationNs: hasMetrics(run) ? run.totalDurationNs : null } as never;
      },
      retrieveAgent: unused,
      readAhead: unused,
      seek: unused,
      canSeek: unused,
      cancel: unused,
      listsDurations: async () => listsDurations,
      takesManyAgents: () => true,
    },
  };
  return store;
}

export function matching(runs: ReadonlyMap<string, Run>, filter: RunFilter): Run[] {
  return [...runs.values()].filter((run) => mismatchedFilters([run], filter).length === 0);
}

/** Some durations are in the metrics of a run, with another one in the run itself, some only in the run. */
function hasMetrics({ id }: Run): boolean {
  return Number(id.slice(4, 12)) % 3 > 0;
}

/** A single run has another duration than in lists. */
function asRetrieved(run: Run): Run {
  const other = Number(run.id.slice(4, 12)) % 3 === 1 || run.totalDurationNs === null ? null : 1;
  return {
    ...run,
    totalDurationNs: hasMetrics(run) ? other : run.totalDurationNs,
    isDurationMeasured: false,
  };
}
