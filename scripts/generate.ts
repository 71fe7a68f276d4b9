import { execSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createPricesSchema } from '../src/runs/prices-file.ts';
import { printClientSdl, printSubgraphSdl } from '../src/schema/index.ts';
import { compileScanner, scannerLayout } from './compile-scanner.ts';
import { createConfigSchema } from './docs/config-schema.ts';
import { replaceMarked } from './docs/markdown.ts';
import * as reference from './docs/reference-tables.ts';
import * as settings from './docs/settings-tables.ts';

/** The generated sections of the pages in `docs`, by the names of their markers. */
const SECTIONS: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'configuration.md': { settings: settings.gatewaySettings, 'command-line-flags': settings.commandLineFlags },
  'embedded-api.md': { 'runs-api-settings': settings.embeddedApiSettings },
  'approvals.md': { 'answer-failures': reference.answerFailures },
  'cancelling.md': { 'cancel-failures': reference.cancelFailures },
  'errors.md': { 'error-codes': reference.errorCodes },
  'lists.md': { 'list-arguments': reference.listArguments },
  'operate.md': { metrics: reference.metrics },
  'watch.md': { 'watch-settings': settings.watchSettings },
};
/** Everything that is written here. */
const GENERATED = [
  'schema/*',
  'docs/*.md',
  'src/engine/rows/scanner.wasm',
  'src/engine/rows/assembly/layout.ts',
  '{examples/*,src/explorer/browser,src/mcp,src/cli/gateway-client}/__generated__/*',
];

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const before = process.argv.includes('--check') ? snapshot() : undefined;
try {
  await generate();
} finally {
  if (before !== undefined) restore(before);
}

async function generate(): Promise<void> {
  writeFileSync('schema/schema.graphql', printClientSdl());
  writeFileSync('schema/subgraph.graphql', printSubgraphSdl());
  writeFileSync('schema/prices.schema.json', `${JSON.stringify(createPricesSchema(), null, 2)}\n`);
  writeFileSync('schema/config.schema.json', `${JSON.stringify(createConfigSchema(), null, 2)}\n`);
  for (const [page, sections] of Object.entries(SECTIONS)) {
    const text = Object.entries(sections).reduce(
      (written, [name, make]) => replaceMarked(written, name, make()),
      readFileSync(`docs/${page}`, 'utf8'),
    );
    writeFileSync(`docs/${page}`, text);
  }
  writeFileSync('src/engine/rows/assembly/layout.ts', scannerLayout());
  writeFileSync('src/engine/rows/scanner.wasm', await compileScanner());
  run('node');
  run('node', '-- --config ../../codegen.ts');
  for (const example of ['relay', 'apollo']) {
    // Their tools leave old documents in a manifest, and relay-compiler writes none whose artifact there is.
    const folder = `examples/${example}/__generated__`;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    writeFileSync(`${folder}/persisted-documents.json`, '{}');
    run(example);
  }
}

function run(example: string, options = ''): void {
  execSync(`npm --prefix examples/${example} run -s generate ${options}`, {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function snapshot(): ReadonlyMap<string, Buffer> {
  return new Map(globSync(GENERATED).map((file) => [file, readFileSync(file)]));
}

/** Puts back what was there, and names the files that were out of date. */
function restore(files: ReadonlyMap<string, Buffer>): void {
  const written = snapshot();
  for (const file of new Set([...files.keys(), ...written.keys()])) {
    const old = files.get(file);
    if (old !== undefined && written.get(file)?.equals(old) === true) continue;
    if (old === undefined) rmSync(file);
    else writeFileSync(file, old);
    process.stderr.write(`${file} is out of date with the code. Run: npm run generate\n`);
    process.exitCode = 1;
  }
}
