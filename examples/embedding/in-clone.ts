import { registerHooks } from 'node:module';

// The programs import the package by its name, as apps do. In a clone of the repository that is its source.
const INDEX = new URL('../../src/index.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => next(specifier === 'runs-gateway' ? INDEX : specifier, context),
});
