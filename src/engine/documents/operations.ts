import { hash } from 'node:crypto';
import { type DocumentNode, GraphQLError, Kind, type OperationDefinitionNode, visit } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Priced } from '../cost/price.ts';
import type { Variables } from '../cost/read-argument.ts';
import { requestError } from './check-document.ts';
import { type Conditions, type MergedObject, mergeSelections } from './merge-selections.ts';
import { rewrite } from './rewrite.ts';

/** The size of what is remembered, in fields: each takes about 2 kB, as do 8 characters of a document. */
const MAX_FIELDS = 20_000;
const CHARACTERS_PER_FIELD = 8;
/** The remembered forms of an operation: two conditions make four. */
const MAX_FORMS = 4;

/** An operation as it is for certain values of its `@skip` and `@include` variables. */
interface Form extends Priced {
  /** The document to execute; rewritten on first use. */
  readonly executable: DocumentNode;
}

/** An operation that was found in its document. */
interface FoundOperation {
  readonly node: OperationDefinitionNode;
  /** The variables that it declares: others have no effect, however large they are. */
  readonly variables: Variables;
  /** The SHA-256 of the text of its document. */
  readonly documentHash: string;
  /** Returns its form for these variables. @throws GatewayError if it is too large */
  readonly form: () => Form;
}

/** What is derived from an operation. */
interface Derived {
  readonly documentHash: string;
  /** Its variables in `@skip` and `@include`. */
  readonly conditions: readonly string[];
  /** By the values of its conditions. */
  readonly forms: ReadonlyMap<string, Form>;
}

/** Finds an operation in a parsed document. @throws GraphQLError if there is none */
export type FindOperation = (
  document: DocumentNode,
  operationName: string | undefined,
  variables: Variables,
) => FoundOperation;

/** Finds operations, and remembers what it derives from them. */
export function createFindOperation(options: Omit<Priced, 'node' | 'selections'>): FindOperation {
  const { schema, rows, copiesRows } = options;
  const remembered = new LRUCache<OperationDefinitionNode, Derived>({
    maxSize: MAX_FIELDS,
    sizeCalculation: ({ forms }, { loc }) =>
      Math.ceil((loc?.source.body.length ?? 0) / CHARACTERS_PER_FIELD) +
      forms.values().reduce((sum, { selections }) => sum + countFields(selections), 1),
  });

  const createForm = (
    document: DocumentNode,
    node: OperationDefinitionNode,
    conditions: Conditions,
    isDecided: boolean,
  ): Form => {
    const copies = copiesRows && isDecided;
    const selections = mergeSelections(schema, document, node, conditions);
    let rewritten: DocumentNode | undefined;
    return {
      schema,
      rows,
      node,
      selections,
      copiesRows: copies,
      get executable() {
        return copies ? (rewritten ??= rewrite(node, selections, rows)) : document;
      },
    };
  };

  return (document, operationName, variables) => {
    const node = operationNode(document, operationName);
    const derived = remembered.get(node) ?? derive(document, node);
    return {
      node,
      variables: declared(node, variables),
      documentHash: derived.documentHash,
      form() {
        const conditions = conditionsOf(node, derived.conditions, variables);
        const key = derived.conditions.map((name) => conditions.get(name)).join();
        const known = derived.forms.get(key);
        if (known !== undefined) return known;
        // A condition without a value, such as null, is left to the executor, which reports it.
        const isDecided = conditions.size === derived.conditions.length;
        const form = createForm(document, node, conditions, isDecided);
        const others = derived.forms.size < MAX_FORMS ? derived.forms : [];
        remembered.set(node, { ...derived, forms: new Map([...others, [key, form]]) });
        return form;
      },
    };
  };
}

/** GetOperation of the specification, with the error messages of graphql-js. */
function operationNode({ definitions }: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const found =
    name === undefined ? operations[0] : operations.find((operation) => operation.name?.value === name);
  if (name === undefined && operations.length > 1)
    throw notFound('Must provide operation name if query contains multiple operations.');
  if (found !== undefined) return found;
  throw notFound(name === undefined ? 'Must provide an operation.' : `Unknown operation named "${name}".`);
}

function notFound(message: string): GraphQLError {
  return requestError(new GraphQLError(message), 'OPERATION_RESOLUTION_FAILURE');
}

function derive(document: DocumentNode, node: OperationDefinitionNode): Derived {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: args = [] }) {
      const value = args[0]?.value;
      const isCondition = name.value === 'skip' || name.value === 'include';
      if (isCondition && value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return {
    documentHash: hash('sha256', document.loc?.source.body ?? ''),
    // Variables of other operations in the document don't count.
    conditions: variableNames(node).filter((name) => names.has(name)),
    forms: new Map(),
  };
}

/** Returns the values of the conditions that are booleans. */
function conditionsOf(
  { variableDefinitions = [] }: OperationDefinitionNode,
  names: readonly string[],
  variables: Variables,
): Conditions {
  const conditions = new Map<string, boolean>();
  for (const name of names) {
    const definition = variableDefinitions.find(({ variable }) => variable.name.value === name);
    const { defaultValue } = definition ?? {};
    const ofDefault = defaultValue?.kind === Kind.BOOLEAN ? defaultValue.value : undefined;
    const value = Object.hasOwn(variables, name) ? variables[name] : ofDefault;
    if (typeof value === 'boolean') conditions.set(name, value);
  }
  return conditions;
}

function declared(node: OperationDefinitionNode, variables: Variables): Variables {
  const names = variableNames(node).filter((name) => Object.hasOwn(variables, name));
  if (names.length === Object.keys(variables).length) return variables;
  return Object.fromEntries(names.map((name) => [name, variables[name]]));
}

function variableNames({ variableDefinitions = [] }: OperationDefinitionNode): readonly string[] {
  return variableDefinitions.map(({ variable }) => variable.name.value);
}

function countFields({ fields }: MergedObject): number {
  let count = fields.length;
  for (const { objects } of fields) for (const object of objects) count += countFields(object);
  return count;
}
