import { federateSubgraphsContract, ROUTER_COMPATIBILITY_VERSION_ONE } from '@wundergraph/composition';
import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { printSubgraphSdl } from '../../src/schema/index.ts';
import { apollo, theGuild, wunderGraph } from './composers.ts';
import { CATALOG_SDL } from './neighbours.ts';

const services = [
  { name: 'runs', sdl: printSubgraphSdl(undefined, 'runs') },
  { name: 'catalog', sdl: CATALOG_SDL },
];

it.each(Object.entries({ apollo, theGuild, wunderGraph }))(
  'The SDL with a tag composes by %s',
  (_name, compose) => {
    expect(compose(services).errors).toEqual([]);
  },
);

it('A contract of the tag has all that is ours, and nothing of a neighbour', () => {
  const result = federateSubgraphsContract({
    subgraphs: services.map(({ name, sdl }) => ({
      name,
      url: `http://${name}.test/graphql`,
      definitions: parse(sdl),
    })),
    contractTagOptions: { tagNamesToExclude: new Set(), tagNamesToInclude: new Set(['runs']) },
    version: ROUTER_COMPATIBILITY_VERSION_ONE,
  });
  if (!result.success) throw new Error(result.errors.map(String).join('\n'));
  const fields = result.federatedGraphClientSchema.getQueryType()?.getFields() ?? {};
  expect(Object.keys(fields)).toEqual(expect.arrayContaining(['runs', 'run', 'runStats', 'agents']));
  expect(Object.keys(fields)).not.toContain('products');
  const types = Object.keys(result.federatedGraphClientSchema.getTypeMap());
  expect(types).toEqual(expect.arrayContaining(['RunStep', 'RunMessagePart', 'PageInfo', 'StopReason']));
  expect(types).not.toContain('Product');
});
