import { hash } from 'node:crypto';
import { type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode, visit } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Variables } from '../cost/price-arguments.ts';
import { type MergedObject, mergeSelections } from './merge-selections.ts';
import { rewriteOperation } from './rewrite-operation.ts';
import { withCopiedFields } from './rows-field.ts';

/** The size of the cache in fields; a field takes about 2 kB, as do 8 characters of a document. */
const MAX_FIELDS = 20_000;
const CHARACTERS_PER_FIELD = 8;
/** Cached variants per operation: two Boolean variables make four. */
const MAX_VARIANTS = 4;

/** An operation with certain values of its Boolean variables, which decide `@skip` and `@include`. */
type OperationVariant = ReturnType<typeof createVariant>;

/** Merges the selections of operations, with a cache. */
export function createOperationVariants(schema: GraphQLSchema, rowCopying: boolean) {
  const cache = new LRUCache<
    OperationDefinitionNode,
    { readonly document: DocumentNode; readonly variants: ReadonlyMap<string, OperationVariant> }
  >({
    maxSize: MAX_FIELDS,
    sizeCalculation: ({ variants }, { loc }) =>
      Math.ceil((loc?.source.body.length ?? 0) / CHARACTERS_PER_FIELD) +
      variants.values().reduce((sum, { selections }) => sum + countFields(selections), 1),
  });

  /** Returns the variant of an operation. @throws GatewayError if it is too large */
  return (document: DocumentNode, node: OperationDefinitionNode, variables: Variables): OperationVariant => {
    const conditions = conditionsOf(node, variables);
    const key = [...conditions.values()].join();
    // A plugin may have replaced fragments alone: then another document has the same node.
    const kept = cache.get(node);
    const variants = kept?.document === document ? kept.variants : undefined;
    const cached = variants?.get(key);
    if (cached !== undefined) return cached;
    const variant = createVariant(schema, rowCopying, document, node, conditions);
    const others = variants !== undefined && variants.size < MAX_VARIANTS ? variants : [];
    cache.set(node, { document, variants: new Map([...others, [key, variant]]) });
    return variant;
  };
}

type Conditions = ReadonlyMap<string, boolean | undefined>;

/** Returns the values of all variables of the type Boolean. */
function conditionsOf(node: OperationDefinitionNode, variables: Variables): Conditions {
  const conditions = new Map<string, boolean | undefined>();
  for (const { variable, type, defaultValue } of node.variableDefinitions ?? []) {
    const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
    if (named.kind !== Kind.NAMED_TYPE || named.name.value !== 'Boolean') continue;
    const name = variable.name.value;
    const ofDefault = defaultValue?.kind === Kind.BOOLEAN ? defaultValue.value : undefined;
    const value = Object.hasOwn(variables, name) ? variables[name] : ofDefault;
    conditions.set(name, typeof value === 'boolean' ? value : undefined);
  }
  return conditions;
}

function createVariant(
  schema: GraphQLSchema,
  rowCopying: boolean,
  document: DocumentNode,
  node: OperationDefinitionNode,
  conditions: Conditions,
) {
  // If a condition is undecided, such as null, the document is executed as it is, and the executor reports the error.
  let isDecided = true;
  const selections = mergeSelections(schema, document, node, (name) => {
    const value = conditions.get(name);
    if (value === undefined) isDecided = false;
    return value;
  });
  return {
    selections,
    documentHash: hash('sha256', document.loc?.source.body ?? ''),
    /** The document to execute, and the schema to execute it on. */
    executable:
      rowCopying && isDecided && !selections.fields.some(({ name }) => DESCRIBING.includes(name))
        ? { schema: withCopiedFields(schema), document: rewriteOperation(node, selections) }
        : { schema, document: withoutIncrementalDelivery(document) },
  };
}

/** Root fields that describe a schema. An operation with one is executed on the schema of clients. */
const DESCRIBING: readonly string[] = ['__schema', '__type', '_service'];

/** Results are never in parts: `@defer` and `@stream`, which a plugin may have added to the schema, are removed. */
function withoutIncrementalDelivery(document: DocumentNode): DocumentNode {
  return visit(document, {
    Directive: ({ name }) => (name.value === 'defer' || name.value === 'stream' ? null : undefined),
  });
}

function countFields({ fields }: MergedObject): number {
  let count = fields.length;
  for (const { objects } of fields) {
    for (const object of objects) count += countFields(object);
  }
  return count;
}
