import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { MAX_DEPTH, MAX_KEY, MAX_SELECTIONS, OperationLimitError } from '../limits.ts';

/** A field of the answer, with all that is selected of it under one key. */
export interface MergedField {
  /** Its key in the answer: the alias, or the name. */
  readonly key: string;
  readonly name: string;
  readonly field: GraphQLField<unknown, unknown>;
  /** Where it stands in the document: once, or in several fragments. */
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  /** What is selected of its value, for each type that the value can be of. None for a leaf. */
  readonly objects: readonly MergedObject[];
}

/** What is selected of one type of object, in the order of the answer. */
export interface MergedObject {
  readonly type: GraphQLObjectType;
  readonly fields: readonly MergedField[];
}

/** The values of the variables that `@skip` and `@include` look at. */
export type Conditions = ReadonlyMap<string, boolean>;

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * What an operation selects, after CollectFields of the specification: fragments spread, types and
 * conditions decided, and fields of one key merged. The work is bounded whatever the fragments do.
 *
 * @throws OperationLimitError for an operation that is too large or too deep
 */
export function mergeSelections(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
  conditions: Conditions,
): MergedObject {
  let budget = MAX_SELECTIONS;
  let depth = 0;

  const mergeObject = (type: GraphQLObjectType, sets: readonly SelectionSetNode[]): MergedObject => {
    const byKey = new Map<string, [FieldNode, ...FieldNode[]]>();
    const visited = new Set<string>();
    const visit = (selections: readonly SelectionNode[]): void => {
      for (const selection of selections) {
        if (--budget < 0) throw tooLarge();
        if (!isIncluded(selection, conditions)) continue;
        if (selection.kind === Kind.FIELD) {
          const key = selection.alias?.value ?? selection.name.value;
          if (key.length > MAX_KEY) throw longKey();
          const same = byKey.get(key);
          if (same === undefined) byKey.set(key, [selection]);
          else same.push(selection);
          continue;
        }
        const fragment = fragmentOf(selection);
        if (fragment !== undefined && applies(fragment.typeCondition?.name.value, type)) {
          visit(fragment.selectionSet.selections);
        }
      }
    };
    const fragmentOf = (selection: Exclude<SelectionNode, FieldNode>) => {
      if (selection.kind === Kind.INLINE_FRAGMENT) return selection;
      // One look at a fragment is enough, however often it is spread.
      const name = selection.name.value;
      if (visited.has(name)) return undefined;
      visited.add(name);
      return fragments.get(name);
    };
    for (const set of sets) visit(set.selections);
    return { type, fields: [...byKey].map(([key, nodes]) => mergeField(type, key, nodes)) };
  };

  const mergeField = (
    parent: GraphQLObjectType,
    key: string,
    nodes: readonly [FieldNode, ...FieldNode[]],
  ): MergedField => {
    const name = nodes[0].name.value;
    const field = fieldOf(parent, name);
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return { key, name, field, nodes, objects: [] };
    if (++depth > MAX_DEPTH) throw tooDeep();
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
    const objects = types.map((one) => mergeObject(one, sets));
    depth--;
    return { key, name, field, nodes, objects };
  };

  const applies = (condition: string | undefined, type: GraphQLObjectType): boolean => {
    if (condition === undefined || condition === type.name) return true;
    const wanted = schema.getType(condition);
    return isAbstractType(wanted) && schema.isSubType(wanted, type);
  };

  const root = schema.getRootType(operation.operation);
  if (!isObjectType(root)) throw new Error(`The schema has no ${operation.operation}`);
  return mergeObject(root, [operation.selectionSet]);
}

/** Of a valid document, so it is there. */
function fieldOf(parent: GraphQLObjectType, name: string) {
  const field =
    parent.getFields()[name] ??
    [TypeNameMetaFieldDef, SchemaMetaFieldDef, TypeMetaFieldDef].find((meta) => meta.name === name);
  if (field === undefined) throw new Error(`${parent.name} has no field ${name}`);
  return field;
}

function isIncluded({ directives = [] }: SelectionNode, conditions: Conditions): boolean {
  for (const { name, arguments: args = [] } of directives) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const value = args[0]?.value;
    const isTrue =
      value?.kind === Kind.VARIABLE
        ? conditions.get(value.name.value)
        : value?.kind === Kind.BOOLEAN && value.value;
    if (isTrue === (name.value === 'skip')) return false;
  }
  return true;
}

function tooLarge(): OperationLimitError {
  return new OperationLimitError(
    'OPERATION_TOO_LARGE',
    `The operation selects more than ${MAX_SELECTIONS} fields once its fragments are spread; select fewer, or send several operations.`,
  );
}

function tooDeep(): OperationLimitError {
  return new OperationLimitError(
    'OPERATION_TOO_LARGE',
    `The operation is nested more than ${MAX_DEPTH} fields deep; nest fewer, or send several operations.`,
  );
}

function longKey(): OperationLimitError {
  return new OperationLimitError(
    'OPERATION_TOO_LARGE',
    `The operation has an alias of more than ${MAX_KEY} characters; choose a shorter one.`,
  );
}
