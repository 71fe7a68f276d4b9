import { fileURLToPath } from 'node:url';
import type example from './examples/node/codegen.ts';
import { explorerDocuments } from './src/explorer/files.ts';
import { RUN_ENUMS } from './src/runs/run-enums.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const browser = `${root}src/explorer/browser`;

const stopReasons = Object.keys(RUN_ENUMS.stop_reason).map((name) => `'${name.toUpperCase()}'`);

/**
 * Typed documents of the explorer, from the printed schema: what a client developer would do. The generator is the one
 * that `examples/node` installs.
 */
const config: typeof example = {
  schema: `${root}schema/schema.graphql`,
  config: {
    documentMode: 'string',
    useTypeImports: true,
    scalars: { ID: 'string', DateTime: 'string', JSON: 'unknown', Nanoseconds: 'number', BigInt: 'number' },
  },
  generates: {
    [`${browser}/__generated__/graphql.ts`]: {
      documents: [...explorerDocuments],
      plugins: [
        'typescript-operations',
        // The page offers them in a menu.
        { add: { placement: 'append', content: `export const STOP_REASONS = [${stopReasons.join(', ')}];` } },
      ],
      config: {
        enumType: 'string-literal',
        immutableTypes: true,
        inlineFragmentTypes: 'combine',
        disableDescriptions: true,
      },
    },
  },
};

export default config;
