import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { DEFAULT_ACTOR, SECOND_ACTOR } from '../../src/embedded-api/actors.ts';
import { type ListQuery, planList } from '../../src/embedded-api/list-query.ts';
import { sampleRuns } from '../../src/embedded-api/sample-runs.ts';
import { openStore } from '../../src/embedded-api/store.ts';
import { FIVE_RUNS, runId } from './running-api.ts';

const folder = mkdtempSync(join(tmpdir(), 'runs-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { organizationId } = DEFAULT_ACTOR;
const ALL: ListQuery = { organizationId, ascending: true, limit: 1000 };

test('a file keeps its runs over a restart', () => {
  const file = join(folder, 'kept.db');
  const before = openStore({ file });
  before.insert(FIVE_RUNS);
  before.update(runId(2), { status: 'completed', completed_at: '2025-01-01T01:00:00+01:00' });
  const rows = before.list(ALL);
  before[Symbol.dispose]();
  using after = openStore({ file });
  expect(after.list(ALL)).toEqual(rows);
  expect(after.count()).toBe(5);
  expect(rows[1]).toMatchObject({ status: 'completed', completed_at: '2025-01-01T00:00:00.000000Z' });
});

test('a file of another schema version is refused', () => {
  const file = join(folder, 'newer.db');
  openStore({ file })[Symbol.dispose]();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 9');
  database.close();
  const message = `can't open ${file} as a store of runs: expected runs schema version 1, but got: 9`;
  expect(() => openStore({ file })).toThrow(message);
});

test("another program's database is refused and left alone", () => {
  const file = join(folder, 'other.db');
  const database = new DatabaseSync(file);
  database.exec('CREATE TABLE recipes (name TEXT)');
  expect(() => openStore({ file })).toThrow('the database belongs to another program');
  expect(database.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'recipes' }]);
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' });
  database.close();
});

test('a file that is no database is refused by name', () => {
  const file = join(folder, 'notes.txt');
  writeFileSync(file, 'These are notes, and not at all a database. '.repeat(50));
  expect(() => openStore({ file })).toThrow(`can't open ${file} as a store of runs: file is not a database`);
});

test('a folder that does not exist is refused by name', () => {
  const file = join(folder, 'missing', 'runs.db');
  expect(() => openStore({ file })).toThrow(
    `can't open ${file} as a store of runs: unable to open database file`,
  );
});

test('an insert that fails halfway leaves nothing behind', () => {
  using store = openStore();
  expect(() => store.insert([...FIVE_RUNS, ...FIVE_RUNS])).toThrow('UNIQUE constraint failed: runs.id');
  expect(store.count()).toBe(0);
  store.insert(FIVE_RUNS);
  expect(() => store.insert(FIVE_RUNS.slice(0, 1))).toThrow('UNIQUE constraint failed: runs.id');
  expect(store.list(ALL)).toHaveLength(5);
});

test('only the default organization is counted', () => {
  using store = openStore();
  store.insert(FIVE_RUNS.map((run) => ({ ...run, organization_id: SECOND_ACTOR.organizationId })));
  expect(store.count()).toBe(0);
});

test('updating a run changes what is given, and only an existing run can be updated', () => {
  using store = openStore();
  store.insert(FIVE_RUNS);
  store.update(runId(1), {});
  store.update(runId(1), { background: true, metadata: { a: 1 }, total_duration_ns: 12 });
  store.update(runId(1), { metadata: null });
  expect(store.retrieve(runId(1), organizationId)).toMatchObject({
    agent_id: 'agent-a',
    background: 1n,
    metadata: null,
    total_duration_ns: 12n,
  });
  expect(() => store.update(runId(9), { status: 'failed' })).toThrow(
    `expected an existing run, but got: ${runId(9)}`,
  );
});

test('deleting a run that is gone does nothing', () => {
  using store = openStore();
  store.insert(FIVE_RUNS);
  store.delete(runId(1));
  store.delete(runId(1));
  expect(store.count()).toBe(4);
});

describe('the plan of a page', () => {
  const file = join(folder, 'plans.db');
  using store = openStore({ file });
  store.insert(sampleRuns({ count: 3000, seed: 5 }));
  const position = store.findPosition(store.list({ ...ALL, limit: 900 }).at(-1)?.id ?? '');
  const agents = [...new Set(store.list(ALL).map(({ agent_id }) => agent_id))];

  const BOUND = '(created_at,id)';
  test.each<[name: string, query: Partial<ListQuery>, plan: string]>([
    ['of everything', {}, `runs_by_time (organization_id=? AND ${BOUND}<(?,?))`],
    ['going up', { ascending: true }, `runs_by_time (organization_id=? AND ${BOUND}>(?,?))`],
    [
      'of an agent',
      { agentIds: agents.slice(0, 1) },
      `runs_by_agent (organization_id=? AND agent_id=? AND ${BOUND}<(?,?))`,
    ],
    [
      'of three agents',
      { agentIds: agents.slice(0, 3) },
      `runs_by_agent (organization_id=? AND agent_id=? AND ${BOUND}<(?,?))`,
    ],
    [
      'of two statuses',
      { statuses: ['created', 'failed'] },
      `runs_by_status (organization_id=? AND status=? AND ${BOUND}<(?,?))`,
    ],
    [
      'of a stop reason',
      { stopReason: 'error' },
      `runs_by_stop_reason (organization_id=? AND stop_reason=? AND ${BOUND}<(?,?))`,
    ],
    [
      'of a conversation',
      { conversationId: 'c' },
      `runs_by_conversation (organization_id=? AND conversation_id=? AND ${BOUND}<(?,?))`,
    ],
    [
      'of an agent and a status',
      { agentIds: agents.slice(0, 1), statuses: ['failed'] },
      `runs_by_agent (organization_id=? AND agent_id=? AND ${BOUND}<(?,?))`,
    ],
    ['in the background', { background: true }, `runs_by_time (organization_id=? AND ${BOUND}<(?,?))`],
    [
      'of more agents than are merged',
      { agentIds: Array.from({ length: 60 }, (_, at) => `a${at}`) },
      `runs_by_time (organization_id=? AND ${BOUND}<(?,?))`,
    ],
  ])('%s starts at its position and never sorts', (_, query, expected) => {
    const { sql, values } = planList({ ...ALL, ascending: false, following: position, ...query });
    using database = new DatabaseSync(file);
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
    const details = steps.map(({ detail }) => String(detail));
    expect(details).toContain(`SEARCH runs USING INDEX ${expected}`);
    expect(details.filter((detail) => /TEMP B-TREE|^SCAN runs/.test(detail))).toEqual([]);
  });
});
