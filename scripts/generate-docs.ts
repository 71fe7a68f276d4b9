import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { replaceMarked } from './docs/marked-section.ts';
import { metrics } from './docs/metrics-table.ts';
import { cancelFailures, errorCodes, listArguments } from './docs/schema-tables.ts';
import { commandLineFlags, gatewaySettings, runsApiSettings } from './docs/settings-tables.ts';

/** The generated sections of each page, by the names of their markers. */
const GENERATED: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'docs/configuration.md': {
    settings: gatewaySettings,
    'command-line-flags': commandLineFlags,
  },
  'docs/embedded-api.md': { 'runs-api-settings': runsApiSettings },
  'docs/cancelling.md': { 'cancel-failures': cancelFailures },
  'docs/errors.md': { 'error-codes': errorCodes },
  'docs/lists.md': { 'list-arguments': listArguments },
  'docs/operate.md': { metrics },
};

/** Generates the tables in the docs. `--check` writes nothing, and exits with 1 if one is out of date. */
for (const [path, sections] of Object.entries(GENERATED)) {
  const file = new URL(`../${path}`, import.meta.url);
  let page = readFileSync(file, 'utf8');
  for (const [name, make] of Object.entries(sections)) {
    const updated = replaceMarked(page, name, make());
    if (process.argv.includes('--check') && updated !== page) {
      process.stderr.write(
        `${path}: the table "${name}" is out of date with the code. Run: npm run generate\n`,
      );
      process.exitCode = 1;
    }
    page = updated;
  }
  if (!process.argv.includes('--check')) writeFileSync(file, page);
}
