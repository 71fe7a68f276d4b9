import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { DEFAULT_ACTOR, SECOND_ACTOR } from '../../../src/embedded-api/model/actors.ts';
import type { ListQuery } from '../../../src/embedded-api/store/list-query.ts';
import { openStore } from '../../../src/embedded-api/store/store.ts';
import { FIVE_RUNS, runId } from '../running-api.ts';

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

test('a file from before a field and an index were added gets both', () => {
  const file = join(folder, 'older.db');
  const older = openStore({ file });
  older.insert(FIVE_RUNS.map((run) => ({ ...run, callback_error: 'lost' })));
  older[Symbol.dispose]();
  const database = new DatabaseSync(file);
  database.exec('DROP INDEX runs_by_agent; ALTER TABLE runs DROP COLUMN callback_error');
  database.close();
  using store = openStore({ file });
  const rows = store.list({ ...ALL, filters: { agent_id: ['agent-a'] } });
  expect(rows.map(({ id, callback_error }) => [id, callback_error])).toEqual([
    [runId(1), null],
    [runId(2), null],
  ]);
  store.update(runId(1), { callback_error: 'timeout' });
  expect(store.retrieve(runId(1), organizationId)?.callback_error).toBe('timeout');
});

test('a file from before there were agents keeps its runs and takes agents', () => {
  const file = join(folder, 'without-agents.db');
  const older = openStore({ file });
  older.insert(FIVE_RUNS);
  older[Symbol.dispose]();
  const database = new DatabaseSync(file);
  database.exec('DROP TABLE agents');
  database.close();
  using store = openStore({ file });
  expect(store.list(ALL)).toHaveLength(5);
  expect(store.agents.all(organizationId)).toEqual([]);
  const agent = { id: 'agent-a', name: 'A', created_at: '2025-01-01', updated_at: '2025-01-01T00:00:00Z' };
  expect(() => store.agents.insert([agent])).toThrow('expected an RFC 3339 timestamp, but got: 2025-01-01');
  store.agents.insert([{ ...agent, created_at: agent.updated_at }]);
  expect(store.agents.find('agent-a')).toMatchObject({ name: 'A', tags: '[]', agent_type: 'letta_v1_agent' });
});

test('a file from before a table was added gets it, and keeps its runs', () => {
  const file = join(folder, 'without-steps.db');
  const older = openStore({ file });
  older.insert(FIVE_RUNS);
  older[Symbol.dispose]();
  const database = new DatabaseSync(file);
  database.exec('DROP TABLE steps; DROP TABLE step_metrics; DROP TABLE messages');
  database.close();
  using store = openStore({ file });
  store.steps.insert([{ id: 'step-1', run_id: runId(1), created_at: '2025-01-01T00:00:00Z' }]);
  expect(store.steps.list(runId(1), { organizationId, ascending: true, limit: 5 })).toHaveLength(1);
  expect(store.count()).toBe(5);
});

test('a file of another schema version is refused', () => {
  const file = join(folder, 'newer.db');
  openStore({ file })[Symbol.dispose]();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 9');
  database.close();
  const message = `can't open ${file} as a store of runs: expected schema version 1, but got 9`;
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

test('a file that is not a database is refused, and the error names it', () => {
  const file = join(folder, 'notes.txt');
  writeFileSync(file, 'These are notes, and not at all a database. '.repeat(50));
  expect(() => openStore({ file })).toThrow(`can't open ${file} as a store of runs: file is not a database`);
});

test('a folder that does not exist is refused, and the error names it', () => {
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
