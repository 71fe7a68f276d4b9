import type { CodegenConfig } from '@graphql-codegen/cli';

/** To be run in the root of the repository. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: 'examples/node/runs-page.ts',
  generates: {
    'examples/node/__generated__/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        immutableTypes: true,
        useTypeImports: true,
        importExtension: '.ts',
        scalars: { ID: 'string', DateTime: 'string', JSON: 'unknown', Nanoseconds: 'number' },
      },
    },
  },
};

export default config;
