import { fileURLToPath } from 'node:url';
import type example from './examples/node/codegen.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

/**
 * Typed documents for the tests, from the printed schema: what a client developer would do. The
 * generator is the one that `examples/node` installs.
 */
const config: typeof example = {
  schema: `${root}schema/schema.graphql`,
  documents: [`${root}test/**/*.ts`, `!${root}test/gql/**`, `!${root}test/**/node_modules/**`],
  generates: {
    [`${root}test/gql/`]: {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        useTypeImports: true,
        importExtension: '.ts',
        scalars: { DateTime: 'string', JSON: 'unknown', Nanoseconds: 'number', BigInt: 'number' },
      },
    },
  },
};

export default config;
