import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { createConfigSchema } from '../src/config/config-schema.ts';
import { printClientSdl, printSubgraphSdl } from '../src/graphql/schema/index.ts';

/** Writes the schemas from the code; with `--check` it only tells, by its exit code, what has drifted. */
const printed = {
  'schema.graphql': printClientSdl(),
  'subgraph.graphql': printSubgraphSdl(),
  'config.schema.json': `${JSON.stringify(createConfigSchema(), null, 2)}\n`,
};

for (const [name, text] of Object.entries(printed)) {
  const file = new URL(`../schema/${name}`, import.meta.url);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
  } else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`schema/${name} is not what the code says. Run: npm run generate\n`);
    process.exitCode = 1;
  }
}
