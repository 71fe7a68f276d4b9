import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { DEFAULT_ACTOR } from '../../../embedded-api/model/actors.ts';
import { sampleRuns } from '../../../embedded-api/samples/sample-runs.ts';
import { type Filters, type ListQuery, planList } from '../../../embedded-api/store/list-query.ts';
import { openStore } from '../../../embedded-api/store/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'runs-plans-'));
const file = join(folder, 'plans.db');
afterAll(() => rmSync(folder, { recursive: true }));

const ALL: ListQuery = { organizationId: DEFAULT_ACTOR.organizationId, ascending: true, limit: 1000 };

describe('the plan of a page', () => {
  using store = openStore({ file });
  store.insert(sampleRuns({ count: 3000, seed: 5, now: new Date('2026-11-20T17:00:00Z') }));
  const position = store.findPosition(store.list({ ...ALL, limit: 900 }).at(-1)?.id ?? '');
  const agents = [...new Set(store.list(ALL).map(({ agent_id }) => agent_id))];

  const BOUND = '(created_at,id)';
  test.each<[name: string, filters: Filters, plan: string, ascending?: boolean]>([
    ['of everything', {}, `runs_by_time (organization_id=? AND ${BOUND}<(?,?))`],
    ['going up', {}, `runs_by_time (organization_id=? AND ${BOUND}>(?,?))`, true],
    [
      'of an agent',
      { agent_id: agents.slice(0, 1) },
      `runs_by_agent_id (organization_id=? AND agent_id=? AND ${BOUND}<(?,?))`,
    ],
    [
      'of three agents',
      { agent_id: agents.slice(0, 3) },
      `runs_by_agent_id (organization_id=? AND agent_id=? AND ${BOUND}<(?,?))`,
    ],
    [
      'of two statuses',
      { status: ['created', 'failed'] },
      `runs_by_status (organization_id=? AND status=? AND ${BOUND}<(?,?))`,
    ],
    [
      'of a stop reason',
      { stop_reason: ['error'] },
      `runs_by_stop_reason (organization_id=? AND stop_reason=? AND ${BOUND}<(?,?))`,
    ],
    [
      'of a conversation',
      { conversation_id: ['c'] },
      `runs_by_conversation_id (organization_id=? AND conversation_id=? AND ${BOUND}<(?,?))`,
    ],
    [
      'of an agent and a status',
      { agent_id: agents.slice(0, 1), status: ['failed'] },
      `runs_by_agent_id (organization_id=? AND agent_id=? AND ${BOUND}<(?,?))`,
    ],
    ['in the background', { background: [1] }, `runs_by_time (organization_id=? AND ${BOUND}<(?,?))`],
    [
      'of more agents than are merged',
      { agent_id: Array.from({ length: 60 }, (_, at) => `a${at}`) },
      `runs_by_time (organization_id=? AND ${BOUND}<(?,?))`,
    ],
  ])('%s starts at its position and never sorts', (_, filters, expected, ascending = false) => {
    const { sql, values } = planList({ ...ALL, ascending, following: position, filters });
    using database = new DatabaseSync(file);
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
    const details = steps.map(({ detail }) => String(detail));
    expect(details).toContain(`SEARCH runs USING INDEX ${expected}`);
    expect(details.filter((detail) => /TEMP B-TREE|^SCAN runs/.test(detail))).toEqual([]);
  });
});
