import { registerHooks } from 'node:module';

// Examples import the package by its name, as apps do; here that is its source.
const INDEX = new URL('../../../src/index.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => next(specifier === 'runs-gateway' ? INDEX : specifier, context),
});
