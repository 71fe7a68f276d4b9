import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { printSdl } from '../src/schema/index.ts';

/** Writes the SDL from the code; with `--check` it only tells, by its exit code, whether it has drifted. */
const file = new URL('../schema/schema.graphql', import.meta.url);
const printed = printSdl();

if (!process.argv.includes('--check')) {
  writeFileSync(file, printed);
} else if (readFileSync(file, 'utf8') !== printed) {
  process.stderr.write('schema/schema.graphql is not what the code says. Run: npm run generate\n');
  process.exitCode = 1;
}
