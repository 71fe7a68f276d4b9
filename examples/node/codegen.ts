import type { CodegenConfig } from '@graphql-codegen/cli';

/** To be run in this folder. */
const config: CodegenConfig = {
  schema: '../../schema/schema.graphql',
  documents: 'runs-page.ts',
  generates: {
    '__generated__/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        immutableTypes: true,
        useTypeImports: true,
        importExtension: '.ts',
        scalars: {
          ID: 'string',
          DateTime: 'string',
          JSON: 'unknown',
          Nanoseconds: 'number',
          BigInt: 'number',
        },
      },
    },
  },
};

export default config;
