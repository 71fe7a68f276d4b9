import { hash } from 'node:crypto';
import { type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Variables } from '../cost/read-argument.ts';
import type { RowCompiler } from '../rows/index.ts';
import { type MergedObject, mergeSelections } from './merge-selections.ts';
import { rewrite } from './rewrite.ts';

/** The size of what is remembered, in fields: each takes about 2 kB, as do 8 characters of a document. */
const MAX_FIELDS = 20_000;
const CHARACTERS_PER_FIELD = 8;
/** The remembered forms of an operation: two conditions make four. */
const MAX_FORMS = 4;

/** An operation as it is for certain values of its variables in `@skip` and `@include`. */
interface Form {
  readonly selections: MergedObject;
  /** Whether rows are copied where possible. */
  readonly copiesRows: boolean;
  /** The document to execute. */
  readonly executable: DocumentNode;
  /** The SHA-256 of the text of the document. */
  readonly documentHash: string;
}

export interface FormsOptions {
  readonly schema: GraphQLSchema;
  readonly rows: RowCompiler;
  readonly copiesRows: boolean;
}

/** Returns the form of an operation. @throws GatewayError if it is too large */
export type FormOf = (document: DocumentNode, node: OperationDefinitionNode, variables: Variables) => Form;

/** Merges the selections of operations, and remembers that. */
export function createForms(options: FormsOptions): FormOf {
  const remembered = new LRUCache<OperationDefinitionNode, ReadonlyMap<string, Form>>({
    maxSize: MAX_FIELDS,
    sizeCalculation: (forms, { loc }) =>
      Math.ceil((loc?.source.body.length ?? 0) / CHARACTERS_PER_FIELD) +
      forms.values().reduce((sum, { selections }) => sum + countFields(selections), 1),
  });
  return (document, node, variables) => {
    const conditions = conditionsOf(node, variables);
    const key = [...conditions.values()].join();
    const forms = remembered.get(node);
    const known = forms?.get(key);
    if (known !== undefined) return known;
    const form = createForm(options, document, node, conditions);
    const others = forms !== undefined && forms.size < MAX_FORMS ? forms : [];
    remembered.set(node, new Map([...others, [key, form]]));
    return form;
  };
}

type Conditions = ReadonlyMap<string, boolean | undefined>;

/** Returns the values of all variables of the type Boolean. */
function conditionsOf(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Variables,
): Conditions {
  const conditions = new Map<string, boolean | undefined>();
  for (const { variable, type, defaultValue } of variableDefinitions) {
    const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
    if (named.kind !== Kind.NAMED_TYPE || named.name.value !== 'Boolean') continue;
    const name = variable.name.value;
    const ofDefault = defaultValue?.kind === Kind.BOOLEAN ? defaultValue.value : undefined;
    const value = Object.hasOwn(variables, name) ? variables[name] : ofDefault;
    conditions.set(name, typeof value === 'boolean' ? value : undefined);
  }
  return conditions;
}

function createForm(
  options: FormsOptions,
  document: DocumentNode,
  node: OperationDefinitionNode,
  conditions: Conditions,
): Form {
  // The executor reports a condition without a value, such as null.
  let isDecided = true;
  const selections = mergeSelections(options.schema, document, node, (name) => {
    const value = conditions.get(name);
    if (value === undefined) isDecided = false;
    return value;
  });
  const copiesRows = options.copiesRows && isDecided;
  return {
    selections,
    copiesRows,
    documentHash: hash('sha256', document.loc?.source.body ?? ''),
    executable: copiesRows ? rewrite(node, selections, options.rows) : document,
  };
}

function countFields({ fields }: MergedObject): number {
  let count = fields.length;
  for (const { objects } of fields) for (const object of objects) count += countFields(object);
  return count;
}
