import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../support/run-command.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

const check = (...args: string[]) => runCommand(['check', 'documents', ...args]);

describe('runs-gateway check documents', () => {
  it.each([
    ['relay', ['RunsPageQuery: cost depends on its variables', 'RunQuery: cost 2 without variables']],
    ['node', ['RunsPage: cost depends on its variables']],
    ['apollo', ['Runs: cost depends on its variables']],
  ])('has nothing against the manifest of examples/%s', async (example, lines) => {
    const file = `${EXAMPLES}${example}/__generated__/persisted-documents.json`;
    const { code, stdout, stderr } = await check(file);
    expect([code, stderr]).toEqual([0, '']);
    for (const line of lines) expect(stdout).toContain(` ${line}\n`);
    expect(stdout).toMatch(/: \d documents?, 0 problems\n$/);
  });

  it('tells each problem with its document and where it is, and exits with 1', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'documents-'));
    const file = join(folder.path, 'bad.json');
    await writeFile(
      file,
      JSON.stringify({ 'id-1': 'query A {\n  runs { nope }\n}', 'id-2': '{', 'id-3': '{ __typename }' }),
    );
    const { code, stdout, stderr } = await check(file);
    expect(code).toBe(1);
    expect(stdout).toBe(`id-3 unnamed: cost 0 without variables\n${file}: 3 documents, 2 problems\n`);
    expect(stderr.trim().split('\n')).toEqual([
      `${file}: id-1 (A): Cannot query field "nope" on type "RunConnection". Did you mean "nodes"? (line 2, column 10)`,
      `${file}: id-2: Syntax Error: Expected Name, found <EOF>. (line 1, column 2)`,
    ]);
  });
});

it('A gateway does not start with a manifest that is wrong, and tells the first of many problems', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'documents-'));
  const file = join(folder.path, 'bad.json');
  const entries = Array.from({ length: 30 }, (_, index) => [`id-${index}`, '{ x }']);
  await writeFile(file, JSON.stringify(Object.fromEntries(entries)));
  const { code, stderr } = await runCommand(['--port', '0', '--persisted-documents', file]);
  expect(code).toBe(2);
  const lines = stderr.trim().split('\n');
  expect(lines).toHaveLength(22);
  expect(lines[0]).toBe(
    `PERSISTED_DOCUMENTS: ${file}: id-0: Cannot query field "x" on type "Query". (line 1, column 3)`,
  );
  expect(lines[20]).toMatch(/: 10 more; runs-gateway check documents prints all of them$/);
});
