import type { CodegenConfig } from '@graphql-codegen/cli';

/** Typed documents for the tests, from the printed schema: what a client developer would do. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: ['test/**/*.ts', '!test/gql/**'],
  generates: {
    'test/gql/': {
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
