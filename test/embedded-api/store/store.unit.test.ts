import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { DEFAULT_ACTOR, SECOND_ACTOR } from '../../../embedded-api/model/actors.ts';
import type { ListQuery } from '../../../embedded-api/store/list-query.ts';
import { openStore } from '../../../embedded-api/store/store.ts';
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
  expect(rows[1]).toMatchObject({
    status: 'completed',
    json: expect.stringContaining('"completed_at":"2025-01-01T00:00:00"'),
  });
});

test('a file of another schema version is refused', () => {
  const file = join(folder, 'newer.db');
  openStore({ file })[Symbol.dispose]();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 9');
  database.close();
  const message = `can't open ${file} as a store of runs: expected schema version 3, but got 9`;
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
  const { agent_id, json = '{}' } = store.retrieve(runId(1), organizationId) ?? {};
  expect(agent_id).toBe('agent-a');
  expect(JSON.parse(json)).toMatchObject({ background: true, metadata: null, total_duration_ns: 12 });
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
