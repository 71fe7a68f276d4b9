import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_ACTOR } from '../../src/embedded-api/model/actors.ts';
import { normalizeTimestamp } from '../../src/embedded-api/model/timestamps.ts';
import type { StoredRun } from '../../src/embedded-api/store/store.ts';
import { type RelayArguments, type RelayPage, relayPage } from '../support/relay-algorithm.ts';

/** What is asked of every run; {@link ExpectedRuns.problemOfRow} wants just these. */
export const ROW_FIELDS =
  'id agentId agent { id } background conversationId createdAt metadata status rawStatus stopReason ttftNs';

/** The runs of the embedded API as a second list in memory, which says what the gateway must answer. */
export interface ExpectedRuns {
  readonly newestFirst: readonly StoredRun[];
  byId(id: string): StoredRun | undefined;
  page(
    order: 'ASC' | 'DESC',
    matches: (run: StoredRun) => boolean,
    window: RelayArguments<StoredRun>,
  ): RelayPage<StoredRun>;
  /** What is wrong with a row as the gateway shows it; null if nothing is. */
  problemOfRow(run: StoredRun, row: unknown): string | null;
}

export function createExpectedRuns(all: readonly StoredRun[]): ExpectedRuns {
  const keyed = all
    .filter((run) => run.organization_id === DEFAULT_ACTOR.organizationId)
    .map((run) => ({ run, key: `${normalizeTimestamp(run.created_at)} ${run.id}` }));
  const oldestFirst = keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ run }) => run);
  const newestFirst = oldestFirst.toReversed();
  const byId = new Map(oldestFirst.map((run) => [run.id, run]));
  const rows = new Map(oldestFirst.map((run) => [run.id, rowOf(run)]));
  return {
    newestFirst,
    byId: (id) => byId.get(id),
    page: (order, matches, window) => relayPage(order === 'ASC' ? oldestFirst : newestFirst, matches, window),
    problemOfRow(run, row) {
      const expected = rows.get(run.id);
      if (isDeepStrictEqual(withWholeInstant(row), expected)) return null;
      return `expected ${JSON.stringify(expected)}, but got ${JSON.stringify(row)}`;
    },
  };
}

function rowOf(run: StoredRun): object {
  return {
    id: run.id,
    agentId: run.agent_id,
    agent: { id: run.agent_id },
    background: run.background,
    conversationId: run.conversation_id,
    createdAt: normalizeTimestamp(run.created_at),
    // Through its text, as it comes over the wire.
    metadata: JSON.parse(JSON.stringify(run.metadata)),
    status: run.status.toUpperCase(),
    rawStatus: run.status,
    stopReason: run.stop_reason?.toUpperCase() ?? null,
    ttftNs: run.ttft_ns,
  };
}

/** Instants may be written with or without a fraction of zero. */
function withWholeInstant(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || !('createdAt' in row)) return row;
  const { createdAt } = row;
  return typeof createdAt === 'string' ? { ...row, createdAt: normalizeTimestamp(createdAt) } : row;
}
