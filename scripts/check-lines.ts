import { globSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { LAYERS, layerOf, LINES_BESIDES } from '../layers.ts';

/**
 * Counts the lines of each room, generated files apart, and fails if one has more than its budget in `layers.ts`.
 * `--all` prints all of them.
 */
const CODE = '**/*.{ts,js,css,html,graphql,go,py}';
const exclude = ['**/node_modules/**', '**/__generated__/**', '**/dist/**'];
const cwd = fileURLToPath(new URL('../', import.meta.url));

const sources = globSync(`{src,embedded-api}/${CODE}`, { cwd, exclude });
const rooms = Map.groupBy(sources, (file) => layerOf(file.startsWith('src/') ? file.slice(4) : `../${file}`));
const counted = [
  ...Object.entries(LAYERS).map(([name, { lines }]) => ({ name, most: lines, files: rooms.get(name) ?? [] })),
  ...Object.entries(LINES_BESIDES).map(([name, most]) => ({
    name,
    most,
    files: globSync(`${name}/${name === 'docs' ? '**/*.md' : CODE}`, { cwd, exclude }),
  })),
].map(({ name, most, files }) => ({ name, most, lines: files.map(linesOf).reduce((a, b) => a + b, 0) }));
const over = counted.filter(({ lines, most }) => lines > most);

for (const { name, lines, most } of process.argv.includes('--all') ? counted : over) {
  process.stdout.write(`${name}: ${lines} lines of ${most}\n`);
}
if (over.length > 0) {
  process.stderr.write(
    'Over the budgets of layers.ts. Take something away, or raise a budget with the reason.\n',
  );
  process.exitCode = 1;
}

function linesOf(file: string): number {
  return readFileSync(`${cwd}/${file}`, 'utf8').split('\n').length - 1;
}
