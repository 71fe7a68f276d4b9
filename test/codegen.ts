import type example from '../examples/node/codegen.ts';

/**
 * Typed documents for the tests, from the printed schema: what a client developer would do.
 * The generator is that of examples/node, and paths are seen from there.
 */
const config: typeof example = {
  schema: '../../schema/schema.graphql',
  documents: ['../../test/**/*.ts', '!../../test/gql/**', '!../../test/**/node_modules/**'],
  generates: {
    '../../test/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        useTypeImports: true,
        importExtension: '.ts',
        scalars: { DateTime: 'string', JSON: 'unknown', Nanoseconds: 'number' },
      },
    },
  },
};

export default config;
