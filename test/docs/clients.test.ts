import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import codegen from '../../examples/node/codegen.ts';
import { PAGES, ROOT } from './pages.ts';

const page = PAGES.get('docs/clients.md') ?? '';

it('docs/clients.md has the scalars of examples/node for GraphQL Code Generator', () => {
  const [generated] = Object.values(codegen.generates);
  if (generated === undefined || !('config' in generated)) throw new Error('There is no such configuration.');
  const scalars = Object.entries(generated.config?.['scalars'] ?? {});
  expect(page).toContain(
    `scalars: { ${scalars.map(([name, type]) => `${name}: '${String(type)}'`).join(', ')} }`,
  );
});

it('docs/clients.md has the scalars of examples/relay for Relay', () => {
  const config = JSON.parse(readFileSync(`${ROOT}examples/relay/relay.config.json`, 'utf8'));
  const scalars = Object.entries(config.customScalarTypes).map(
    ([name, type]) => `"${name}": "${String(type)}"`,
  );
  expect(page).toContain(`"customScalarTypes": { ${scalars.join(', ')} }`);
});
