import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getNamedType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Selection } from './selection-tree.ts';

/** Makes the answer's value of one source, such as a run, for one selection. */
type Build = (source: unknown) => unknown;

/** A selection that can't be compiled; the reference executor serves it. */
export class NotCompilable extends Error {
  override readonly name = 'NotCompilable' as const;
}

/**
 * Compiles a selection of an object type whose resolvers need neither arguments nor a context and
 * answer at once: as of a run in a list, of an edge, of a page. The resolvers and scalars are those
 * of the schema.
 *
 * @throws NotCompilable
 */
function compileObject(type: GraphQLObjectType, selections: readonly Selection[]): Build {
  const fields = selections.map((selection) => [selection.key, compileField(type, selection)] as const);
  return (source) => Object.fromEntries(fields.map(([key, build]) => [key, build(source)]));
}

/** @throws NotCompilable */
export function compileField(type: GraphQLObjectType, { name, children }: Selection): Build {
  if (name === '__typename') return () => type.name;
  const field = type.getFields()[name];
  if (field === undefined || field.args.length > 0) throw new NotCompilable(`${type.name}.${name}`);
  return compileValue(resolverOf(field), field.type, children, `${type.name}.${name}`);
}

type Resolve = (source: unknown) => unknown;

function resolverOf({ name, resolve }: GraphQLField<unknown, unknown>): Resolve {
  // As the default resolver: a property. Of the rows that are compiled for, none has methods.
  if (resolve === undefined) return (source) => (isObject(source) ? source[name] : undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of these resolvers none looks at its info.
  const info = { fieldName: name } as GraphQLResolveInfo;
  return (source) => resolve(source, {}, undefined, info);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function compileValue(
  resolve: Resolve,
  type: GraphQLOutputType,
  children: readonly Selection[],
  where: string,
): Build {
  const complete = compileCompletion(type, children, where);
  return (source) => complete(resolve(source));
}

/** @returns what makes the answer's value of a resolved one, as the specification's CompleteValue */
function compileCompletion(
  type: GraphQLOutputType,
  children: readonly Selection[],
  where: string,
): (value: unknown) => unknown {
  if (isNonNullType(type)) {
    const complete = compileCompletion(type.ofType, children, where);
    return (value) => {
      const completed = complete(value);
      if (completed === null) throw new NotCompilable(`null for ${where}`);
      return completed;
    };
  }
  if (isListType(type)) {
    const complete = compileCompletion(type.ofType, children, where);
    return (value) => {
      if (value === null || value === undefined) return null;
      if (!Array.isArray(value)) throw new NotCompilable(`no list for ${where}`);
      return value.map(complete);
    };
  }
  if (isLeafType(type)) {
    return (value) => {
      if (value === null || value === undefined) return null;
      if (value instanceof Promise) throw new NotCompilable(`a promise for ${where}`);
      return type.serialize(value);
    };
  }
  if (!isObjectType(type)) throw new NotCompilable(`${getNamedType(type).name} for ${where}`);
  const build = compileObject(type, children);
  return (value) => (value === null || value === undefined ? null : build(value));
}
