import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { createConfigSchema } from '../src/config/config-schema.ts';
import { createPricesSchema } from '../src/runs/prices-file.ts';
import { printClientSdl, printSubgraphSdl } from '../src/schema/index.ts';

/** Generates the schema files. `--check` writes nothing, and exits with 1 if one is out of date. */
const printed = {
  'schema.graphql': printClientSdl(),
  'subgraph.graphql': printSubgraphSdl(),
  'prices.schema.json': `${JSON.stringify(createPricesSchema(), null, 2)}\n`,
  'config.schema.json': `${JSON.stringify(createConfigSchema(), null, 2)}\n`,
};

for (const [name, text] of Object.entries(printed)) {
  const file = new URL(`../schema/${name}`, import.meta.url);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
  } else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`schema/${name} is out of date with the code. Run: npm run generate\n`);
    process.exitCode = 1;
  }
}
