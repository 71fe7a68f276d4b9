import { parse, visit } from 'graphql';
import { expect, it } from 'vitest';
import { printClientSdl, printSubgraphSdl } from '../../../src/schema/index.ts';

/** What needs no description of its own. */
const BARE = ['SchemaDefinition', 'OperationDefinition', 'DirectiveDefinition'];

it.each([
  ['for clients', printClientSdl()],
  ['for routers', printSubgraphSdl()],
  ['for routers, with stubs of agents', printSubgraphSdl({ agents: 'stub', readOnly: true })],
])(
  'The schema %s is described by sentences throughout: parsers have failed on shorter ones',
  (_name, sdl) => {
    const descriptions: (readonly [string, string | undefined])[] = [];
    visit(parse(sdl), {
      enter(node) {
        if (!node.kind.endsWith('Definition') || !('name' in node) || BARE.includes(node.kind)) return;
        const { description } = node as { readonly description?: { readonly value: string } };
        descriptions.push([node.name?.value ?? '', description?.value]);
      },
    });
    expect(descriptions.length).toBeGreaterThan(100);
    expect(descriptions.filter(([, text = '']) => !/^.*\w \w.*\.$/s.test(text))).toEqual([]);
  },
);
