import {
  type DocumentNode,
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
import { GatewayError } from '../../errors/gateway-error.ts';
import { MAX_DEPTH, MAX_KEY, MAX_SELECTIONS } from '../limits.ts';

/** A field of the response, with all its selections under one key merged. */
export interface MergedField {
  /** The key in the response: the alias, or the name. */
  readonly key: string;
  readonly name: string;
  readonly field: GraphQLField<unknown, unknown>;
  /** The nodes in the document: several if the field is repeated, or comes in fragments. */
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  /** The selections on the value, for each possible type. Empty for a leaf. */
  readonly objects: readonly MergedObject[];
}

/** The merged selections on one object type, in response order. */
export interface MergedObject {
  readonly type: GraphQLObjectType;
  readonly fields: readonly MergedField[];
}

/** Returns the value of a variable in `@skip` or `@include`; undefined if it has none. */
type ConditionOf = (name: string) => boolean | undefined;

/**
 * Collects the selections of an operation, by CollectFields of the specification. The work is bounded, even for
 * fragments that expand exponentially.
 *
 * @throws GatewayError for an operation that is too large or too deep
 */
export function mergeSelections(
  schema: GraphQLSchema,
  { definitions }: DocumentNode,
  operation: OperationDefinitionNode,
  conditionOf: ConditionOf,
): MergedObject {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  let budget = MAX_SELECTIONS;
  let depth = 0;

  const mergeObject = (type: GraphQLObjectType, sets: readonly SelectionSetNode[]): MergedObject => {
    const byKey = new Map<string, [FieldNode, ...FieldNode[]]>();
    const visited = new Set<string>();
    const visit = (selections: readonly SelectionNode[]): void => {
      for (const selection of selections) {
        if (--budget < 0) throw refused(TOO_LARGE);
        if (!isIncluded(selection, conditionOf)) continue;
        if (selection.kind === Kind.FIELD) {
          const key = selection.alias?.value ?? selection.name.value;
          if (key.length > MAX_KEY) throw refused(LONG_KEY);
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
      // A fragment is visited once, however often it is spread.
      const name = selection.name.value;
      if (visited.has(name)) return undefined;
      visited.add(name);
      return fragments.get(name);
    };
    for (const set of sets) visit(set.selections);
    return { type, fields: [...byKey].map(([key, nodes]) => mergeField(type, key, nodes)) };
  };

  const mergeField = (parent: GraphQLObjectType, key: string, nodes: MergedField['nodes']): MergedField => {
    const name = nodes[0].name.value;
    const field = fieldOf(parent, name);
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return { key, name, field, nodes, objects: [] };
    if (++depth > MAX_DEPTH) throw refused(TOO_DEEP);
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
    const objects = types.map((possibleType) => mergeObject(possibleType, sets));
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

/** Returns the definition of a field, which exists in a valid document. */
function fieldOf(parent: GraphQLObjectType, name: string) {
  const field =
    parent.getFields()[name] ??
    [TypeNameMetaFieldDef, SchemaMetaFieldDef, TypeMetaFieldDef].find((meta) => meta.name === name);
  if (field === undefined) throw new Error(`${parent.name} has no field ${name}`);
  return field;
}

function isIncluded({ directives = [] }: SelectionNode, conditionOf: ConditionOf): boolean {
  for (const { name, arguments: args = [] } of directives) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const value = args[0]?.value;
    const isTrue =
      value?.kind === Kind.VARIABLE
        ? conditionOf(value.name.value)
        : value?.kind === Kind.BOOLEAN && value.value;
    if (isTrue === (name.value === 'skip')) return false;
  }
  return true;
}

function refused(message: string): GatewayError {
  return new GatewayError('OPERATION_TOO_LARGE', `The operation ${message}`);
}

const TOO_LARGE = `selects more than ${MAX_SELECTIONS} fields once its fragments are expanded; select fewer, or send several operations.`;
const TOO_DEEP = `is nested more than ${MAX_DEPTH} levels deep; reduce the nesting, or send several operations.`;
const LONG_KEY = `has an alias with more than ${MAX_KEY} characters; use a shorter one.`;
