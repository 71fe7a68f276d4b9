import DataLoader from 'dataloader';
import pMap from 'p-map';
import { RepeatedKeysError } from '../runs/errors.ts';
import type { Run } from '../runs/run.ts';
import type { RunScan, RunsSource } from '../runs/source.ts';

/** Scans of single agents, those of many agents at once made together. */
export type AgentScans = Pick<RunsSource, 'rowsFollowing'>;

/** A scan of one agent's runs. */
interface AgentScan extends RunScan {
  readonly filter: RunScan['filter'] & { readonly agentId: string };
}

/** Rows of one upstream answer. */
const MAX_ROWS = 1000;
/** Agents in one request: their ids have to fit into an address. */
const MAX_AGENTS = 100;
/** A window asks for this much more than its agents need if their runs are spread evenly. */
const MARGIN = 3;
/** Requests at a time. */
const MAX_AT_ONCE = 8;

/**
 * Answers the same scan for many agents from few requests. One window over the runs of all of them
 * is a stretch of the list in its total order, so it shows for certain the rows of each agent that
 * has as many in it as the scan asks for, and of all agents when it isn't full. Those whose rows
 * it doesn't show for certain share the next window, and a last one is asked alone.
 */
export function createAgentScans(runs: RunsSource): AgentScans {
  const loader = new DataLoader<AgentScan, readonly Run[], string>(
    async (scans) => {
      const groups = Map.groupBy(scans, (scan) => keyOf(othersOf(scan), scan));
      const answers = new Map<AgentScan, readonly Run[] | Error>();
      await Promise.all([...groups.values()].map((group) => answerGroup(group, runs, answers)));
      return scans.map((scan) => answers.get(scan) ?? new Error('A scan was not answered'));
    },
    { cacheKeyFn: (scan) => keyOf(scan.filter, scan) },
  );
  return {
    rowsFollowing(scan) {
      const { agentId, ...filter } = scan.filter;
      if (agentId === undefined) return runs.rowsFollowing(scan);
      return loader.load({ ...scan, filter: { ...filter, agentId } });
    },
  };
}

/** The filters besides the agent. */
function othersOf({ filter: { agentId: _agentId, ...others } }: AgentScan): RunScan['filter'] {
  return others;
}

function keyOf(filter: RunScan['filter'], { order, after, limit }: RunScan): string {
  const { active, agentId, agentIds, background, conversationId, statuses, stopReason } = filter;
  return JSON.stringify([
    [active, agentId, agentIds, background, conversationId, statuses, stopReason],
    [order, after?.createdAt, after?.id, limit],
  ]);
}

/** Answers scans that differ in nothing but their agents, no two of them of the same one. */
async function answerGroup(
  scans: readonly AgentScan[],
  runs: RunsSource,
  answers: Map<AgentScan, readonly Run[] | Error>,
): Promise<void> {
  const limit = scans[0]?.limit ?? MAX_ROWS;
  let open = scans;
  while (open.length > 0) {
    const fitting = Math.max(1, Math.min(MAX_AGENTS, Math.floor(MAX_ROWS / limit)));
    const windows = chunks(open, runs.takesManyAgents() ? fitting : 1);
    const left = await pMap(windows, (window) => answerWindow(window, runs, answers), {
      concurrency: MAX_AT_ONCE,
    });
    open = left.flat();
  }
}

/**
 * Asks for one window, and returns the scans that it doesn't settle: fewer than it was asked for,
 * or all of them from an upstream that turns out to take one agent at a time.
 */
async function answerWindow(
  scans: readonly AgentScan[],
  runs: RunsSource,
  answers: Map<AgentScan, readonly Run[] | Error>,
): Promise<readonly AgentScan[]> {
  const [first, second] = scans;
  if (first === undefined) return [];
  const isAlone = second === undefined;
  const limit = isAlone ? first.limit : Math.min(MAX_ROWS, scans.length * first.limit * MARGIN);
  const agentIds = scans.map((scan) => scan.filter.agentId);
  const window: RunScan = isAlone
    ? first
    : { ...first, filter: { ...othersOf(first), agentIds }, limit, isOneRequest: true };
  try {
    const rows = await runs.rowsFollowing(window);
    if (isAlone) {
      answers.set(first, rows);
      return [];
    }
    const byAgent = Map.groupBy(rows, (run) => run.agentId);
    const isWhole = rows.length < limit;
    return scans.filter((scan) => {
      const own = byAgent.get(scan.filter.agentId) ?? [];
      if (own.length < scan.limit && !isWhole) return true;
      answers.set(scan, own.slice(0, scan.limit));
      return false;
    });
  } catch (error) {
    if (error instanceof RepeatedKeysError) return scans;
    const failure = error instanceof Error ? error : new Error('A scan failed', { cause: error });
    for (const scan of scans) answers.set(scan, failure);
    return [];
  }
}

function chunks<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
