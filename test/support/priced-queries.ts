import { readFileSync } from 'node:fs';
import { infiniteStream, nat } from 'fast-check';
import { buildSchema, type GraphQLField, getNamedType, isCompositeType, isObjectType } from 'graphql';
import { schema } from '../../src/schema/index.ts';

const sdl = readFileSync(new URL('../../schema/subgraph.graphql', import.meta.url), 'utf8');

/** The schema as routers know it. */
export const printed = buildSchema(sdl, { assumeValidSDL: true });

/** Numbers in order, which decide what a query selects. */
type Draw = (below: number) => number;

/**
 * Fields of a type that cost the same wherever they are. Left out is what static directives can't say: what an
 * object has by its own look-up, and all but one of the fields that share a request.
 */
function* someFields(
  type: string,
  isLookedUp: boolean,
  draw: Draw,
): Generator<GraphQLField<unknown, unknown>> {
  const served = schema.getType(type);
  const known = printed.getType(type);
  if (!isObjectType(served) || !isObjectType(known)) return;
  const shared = new Set<unknown>(isLookedUp ? ['itself'] : []);
  const fields = Object.values(known.getFields());
  const start = draw(fields.length);
  for (const field of [...fields.slice(start), ...fields.slice(0, start)]) {
    const { sharesRequest } = served.getFields()[field.name]?.extensions ?? {};
    if (draw(3) > 0 || (sharesRequest !== undefined && shared.has(sharesRequest))) continue;
    if (sharesRequest !== undefined) shared.add(sharesRequest);
    yield field;
  }
}

function selectionOf(type: string, isLookedUp: boolean, depth: number, draw: Draw): string {
  const selected = ['__typename'];
  for (const field of depth === 0 ? [] : someFields(type, isLookedUp, draw)) {
    selected.push(textOf(type, field, depth, draw));
  }
  return `{ ${selected.join(' ')} }`;
}

function textOf(type: string, field: GraphQLField<unknown, unknown>, depth: number, draw: Draw): string {
  const names = new Set(field.args.map(({ name }) => name));
  // Static directives can't say what each run costs whose tokens, or costs, are added up.
  const given =
    names.has('first') && !['tokens', 'cost'].includes(field.name)
      ? [`${names.has('last') && draw(2) === 0 ? 'last' : 'first'}: ${1 + draw(40)}`]
      : [];
  if (names.has('createdAfter') && draw(3) === 0) given.push('createdAfter: "2026-01-01T00:00:00Z"');
  if (names.has('by')) given.push('by: DAY');
  const named = getNamedType(field.type);
  const comesWithList = type.endsWith('Connection') || type.endsWith('Edge');
  const below = isCompositeType(named) ? selectionOf(named.name, comesWithList, depth - 1, draw) : '';
  return `${field.name}${given.length === 0 ? '' : `(${given.join(', ')})`} ${below}`;
}

const ROOTS = ['runs', 'agents', 'runStats'];

/** Queries with sizes for all lists that have arguments for it. */
export const pricedQueries = infiniteStream(nat(1_000_000)).map((numbers) => {
  const draw: Draw = (below) => Number(numbers.next().value) % below;
  const fields = printed.getQueryType()?.getFields() ?? {};
  const field = fields[ROOTS[draw(ROOTS.length)] ?? ''];
  return field === undefined ? '' : `{ ${textOf('Query', field, 6, draw)} }`;
});
