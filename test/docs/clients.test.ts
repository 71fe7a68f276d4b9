import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import ownCodegen from '../../codegen.ts';
import codegen from '../../examples/node/codegen.ts';
import { PAGES, ROOT } from './pages.ts';

/** On one line, whichever way its code is broken into lines. */
const page = (PAGES.get('docs/clients.md') ?? '').replaceAll(/\s+/g, ' ').replaceAll(', }', ' }');

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

describe('Every scalar of the schema', () => {
  const schema = readFileSync(`${ROOT}schema/schema.graphql`, 'utf8');
  const names = [...schema.matchAll(/^scalar (\w+)/gm)].map(([, name = '']) => name);
  const relay: unknown = JSON.parse(readFileSync(`${ROOT}examples/relay/relay.config.json`, 'utf8'));

  it.each(names)('%s has a type in the configurations, and on the page', (name) => {
    for (const config of [codegen, ownCodegen, relay]) expect(JSON.stringify(config)).toContain(`"${name}":`);
    expect(page).toContain(`\`${name}\` (`);
    // genqlient, and ariadne-codegen.
    expect(page).toContain(` ${name}: type: `);
    expect(page).toContain(`[tool.ariadne-codegen.scalars.${name}]`);
  });
});
