import { globSync, readFileSync } from 'node:fs';
import process from 'node:process';

/** Prints the sums of lines, and fails for a file of the product that is too long; generated files apart. */
const MAX_LINES = 250;
const CODE = '**/*.{ts,tsx,js,css,html,graphql,go,py}';
const cwd = new URL('..', import.meta.url).pathname;
const exclude = ['**/node_modules/**', '**/__generated__/**', 'src/explorer/bundle/**'];

for (const folder of ['src', 'embedded-api', 'test']) {
  const counted = globSync(`${folder}/${CODE}`, { cwd, exclude }).map((file) => {
    return { file, lines: readFileSync(cwd + file, 'utf8').split('\n').length - 1 };
  });
  process.stdout.write(`${folder}: ${counted.reduce((sum, { lines }) => sum + lines, 0)} lines\n`);
  for (const { file, lines } of counted) {
    if (folder === 'test' || !/\.tsx?$/.test(file) || lines <= MAX_LINES) continue;
    process.stderr.write(`${file}: ${lines} lines, of ${MAX_LINES}: divide it by what it does\n`);
    process.exitCode = 1;
  }
}
