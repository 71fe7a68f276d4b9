import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempDisposableSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The examples whose tools neither remove old documents from a manifest nor check one. */
const EXAMPLES = ['relay', 'apollo'];
const MANIFEST = '__generated__/persisted-documents.json';
const root = fileURLToPath(new URL('../', import.meta.url));

/**
 * Generates the manifests of the examples by their own tools, each from an empty one. `--check` writes
 * nothing, and exits with 1 if one is out of date.
 */
for (const example of EXAMPLES) {
  const folder = join(root, 'examples', example);
  const file = join(folder, MANIFEST);
  const made = generate(folder);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, made);
  } else if (readFileSync(file, 'utf8') !== made) {
    process.stderr.write(
      `examples/${example}/${MANIFEST} is out of date with the code. Run: npm run generate\n`,
    );
    process.exitCode = 1;
  }
}

/** Runs the generator in a copy of the example, so that a check changes nothing. */
function generate(folder: string): string {
  using copy = mkdtempDisposableSync(join(tmpdir(), 'manifest-'));
  const example = join(copy.path, 'examples', 'copy');
  cpSync(folder, example, { recursive: true, filter: isSource });
  mkdirSync(join(example, '__generated__'));
  cpSync(join(root, 'schema'), join(copy.path, 'schema'), { recursive: true });
  symlinkSync(join(folder, 'node_modules'), join(example, 'node_modules'), 'junction');
  writeFileSync(join(example, MANIFEST), '{}');
  execFileSync('npm', ['run', 'generate'], {
    cwd: example,
    stdio: ['ignore', 'ignore', 'inherit'],
    // npm is a script there, which nothing but a shell can start.
    shell: process.platform === 'win32',
  });
  return readFileSync(join(example, MANIFEST), 'utf8');
}

/** No artifacts: relay-compiler doesn't write documents to the manifest that it finds in one. */
function isSource(path: string): boolean {
  return !/\b(?:node_modules|__generated__)$/.test(path);
}
