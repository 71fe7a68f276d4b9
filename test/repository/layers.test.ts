import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAYERS } from '../../layers.ts';

const ROOT = path.join(import.meta.dirname, '../..');

/** For each layer a file of it that the test writes, and an import that it must not have. */
const FORBIDDEN: Readonly<Record<string, readonly [file: string, imported: string]>> = {
  runs: ['runs/forbidden.ts', '../wire/drift.ts'],
  lists: ['lists/forbidden.ts', '../runs/run.ts'],
  windows: ['windows/forbidden.ts', '../live/index.ts'],
  errors: ['errors/forbidden.ts', '../wire/drift.ts'],
  json: ['json/forbidden.ts', '../wire/drift.ts'],
  wire: ['wire/forbidden.ts', '../upstream/http/retry.ts'],
  live: ['live/forbidden.ts', '../loaders/settle.ts'],
  loaders: ['loaders/forbidden.ts', '../upstream/letta/runs-upstream.ts'],
  upstream: ['upstream/forbidden.ts', './http/retry.ts'],
  'upstream/http': ['upstream/http/forbidden.ts', '../letta/runs-upstream.ts'],
  'upstream/letta': ['upstream/letta/forbidden.ts', 'undici'],
  engine: ['engine/rows/forbidden.ts', '../../loaders/context.ts'],
  doctor: ['doctor/forbidden.ts', '../server/listen.ts'],
  observability: ['observability/forbidden.ts', '../server/listen.ts'],
  schema: ['schema/forbidden.ts', '../plugins/price.ts'],
  plugins: ['plugins/forbidden.ts', '../engine/rows/scanner.ts'],
  static: ['static/forbidden.ts', '../explorer/index.ts'],
  graphiql: ['graphiql/forbidden.ts', '../explorer/files.ts'],
  explorer: ['explorer/forbidden.ts', '../schema/index.ts'],
  server: ['server/forbidden.ts', '../engine/limits.ts'],
  config: ['config/forbidden.ts', '../cli/terminal.ts'],
  '.': ['forbidden.ts', './cli/serve.ts'],
  cli: ['cli/forbidden.ts', '../upstream/http/retry.ts'],
  'main.ts': ['main.ts', './server/listen.ts'],
  runtime: ['runtime/forbidden.ts', '../config/config.ts'],
  '../embedded-api': ['../embedded-api/forbidden.ts', '../src/runs/run-filters.ts'],
};

let copy: string;
let complaints: string;

describe('The linter', () => {
  beforeAll(() => {
    copy = mkdtempSync(path.join(tmpdir(), 'layers-'));
    for (const name of ['src', 'embedded-api', 'layers.ts', 'oxlint.config.ts', 'package.json']) {
      cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
    }
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
    for (const [file, imported] of Object.values(FORBIDDEN)) {
      writeFileSync(path.join(copy, 'src', file), `export * from '${imported}';\n`);
    }
    for (const name of Object.keys(LAYERS).filter((layer) => !layer.endsWith('.ts'))) {
      writeFileSync(path.join(copy, 'src', name, 'of-process.ts'), "export * from 'node:process';\n");
    }
    mkdirSync(path.join(copy, 'src/unlisted'));
    const { stdout } = lint();
    complaints = stdout;
  });
  afterAll(() => rmSync(copy, { recursive: true }));

  it.each(Object.keys(LAYERS))('refuses what %s must not import', (layer) => {
    const entry = FORBIDDEN[layer];
    expect(entry, `${layer} has no entry in FORBIDDEN of test/repository/layers.test.ts`).toBeDefined();
    const [file = '', imported = ''] = entry ?? [];
    expect(complaints).toContain(`'${imported}' import is restricted`);
    expect(complaints).toContain(`${path.join('src', file)}:1:1`);
  });

  it.each(Object.keys(LAYERS).filter((layer) => !layer.endsWith('.ts')))(
    'lets %s touch the process only where its layer says so',
    (layer) => {
      const mayTouch = LAYERS[layer]?.process === true;
      expect(complaints.includes(`${path.join('src', layer, 'of-process.ts')}:1:1`)).toBe(!mayTouch);
    },
  );

  it('refuses a room that no layer lists', () => {
    writeFileSync(path.join(copy, 'src/unlisted/room.ts'), 'export {};\n');
    const { status, stdout, stderr } = lint();
    expect(status).not.toBe(0);
    expect(stdout + stderr).toContain('src/unlisted/room.ts: list its room in layers.ts');
  });
});

function lint(): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const oxlint = path.join(ROOT, 'node_modules/.bin/oxlint');
  return spawnSync(oxlint, ['--format=unix', 'src', 'embedded-api'], { cwd: copy, encoding: 'utf8' });
}
