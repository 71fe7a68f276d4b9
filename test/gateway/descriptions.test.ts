import { type GraphQLNamedType, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { printClientSdl, printSubgraphSdl, schema } from '../../src/schema/index.ts';

interface Described {
  readonly description?: string | null | undefined;
}

/** A type and everything in it, each with its coordinate. */
function elementsOf(type: GraphQLNamedType): readonly (readonly [string, Described])[] {
  const elements: [string, Described][] = [[type.name, type]];
  if (isEnumType(type)) {
    for (const value of type.getValues()) elements.push([`${type.name}.${value.name}`, value]);
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      elements.push([`${type.name}.${field.name}`, field]);
      for (const arg of field.args) elements.push([`${type.name}.${field.name}(${arg.name}:)`, arg]);
    }
  }
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) elements.push([`${type.name}.${field.name}`, field]);
  }
  return elements;
}

it('Every type, field, argument and enum value of the schema has a description', () => {
  const elements = Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap(elementsOf);
  expect(elements.length).toBeGreaterThan(100);
  const undescribed = elements.filter(([, { description }]) => (description ?? '') === '');
  expect(undescribed.map(([coordinate]) => `${coordinate} has no description`)).toEqual([]);
});

it.each([
  ['for clients', printClientSdl()],
  ['for routers', printSubgraphSdl()],
  ['for routers, with stubs of agents', printSubgraphSdl({ agents: 'stub', readOnly: true })],
])('Every description of the schema %s is a sentence: parsers have failed on shorter ones', (_name, sdl) => {
  const descriptions = [...sdl.matchAll(/^ *"""(?:\n *)?([^]*?)(?:\n *)?"""$/gm)].map(
    ([, text = '']) => text,
  );
  expect(descriptions.length).toBeGreaterThan(100);
  expect(descriptions.filter((text) => !/^.*\w \w.*\.$/s.test(text))).toEqual([]);
});
