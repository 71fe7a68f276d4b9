import { defineConfig } from 'oxlint';
import { layerRules } from './layers.ts';

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise'],
  categories: { correctness: 'error', suspicious: 'error' },
  rules: {
    'import/no-cycle': 'error',
    'import/no-unassigned-import': ['error', { allow: ['./**/*.ts'] }],
    'no-console': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'no-underscore-dangle': 'off',
    // It takes `void (a || b)` and `void count++` to discard nothing.
    'typescript/no-meaningless-void-operator': 'off',
    // It takes neither `process` for an emitter nor a substitute of a test for what it substitutes.
    'typescript/no-unsafe-class-instance-assignment': 'off',
  },
  overrides: [
    ...layerRules,
    {
      files: ['src/**'],
      rules: {
        // Of types as well.
        'import/no-cycle': ['error', { ignoreTypes: false }],
        'no-restricted-properties': [
          'error',
          {
            object: 'JSON',
            property: 'parse',
            message: 'It confuses keys. Use parseJson or parseInputJson, which say how.',
          },
        ],
      },
    },
    // Yoga hands functions to its hooks, which every example takes apart.
    {
      files: ['src/access/**', 'src/http/**', 'src/operations/**'],
      rules: { 'typescript/unbound-method': 'off' },
    },
    { files: ['src/json/**'], rules: { 'no-restricted-properties': 'off' } },
    {
      files: ['test/**'],
      rules: {
        'typescript/no-unsafe-type-assertion': 'off',
        'unicorn/consistent-function-scoping': 'off',
        'no-console': 'off',
      },
    },
  ],
  ignorePatterns: [
    'src/engine/rows/assembly',
    'dist',
    '**/__generated__',
    'examples/embedding',
    'examples/routers',
    'bench/contenders',
  ],
});
