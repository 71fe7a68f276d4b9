import { hash } from 'node:crypto';
import { type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode, visit } from 'graphql';
import { stringifyJson } from '../../json/stringify-json.ts';
import { measureItems } from '../answer/count-values.ts';
import { compileCost } from '../cost/compile-cost.ts';
import { createPriceOf, type PriceOf } from '../cost/price.ts';
import { createReadArgument, type ReadArgument, type Variables } from '../cost/read-argument.ts';
import { type Conditions, type Fragments, type MergedObject, mergeSelections } from './merge-selections.ts';
import { rewrite } from './rewrite.ts';

/** The schemas for pricing and executing operations. */
export interface EngineSchemas {
  /** The schema that clients see. */
  readonly served: GraphQLSchema;
  /** The schema with leaf fields; undefined if rows are not copied. */
  readonly leaves: GraphQLSchema | undefined;
  /** The maximum cost of an operation. */
  readonly maxCost: number;
}

/** A valid document, with what all its operations share. */
export interface ValidDocument {
  readonly document: DocumentNode;
  readonly fragments: Fragments;
  /** The variables used by `@skip` and `@include`. */
  readonly conditions: ReadonlySet<string>;
  /** An estimate of its memory. */
  readonly bytes: number;
}

/** An operation for certain values of its `@skip` and `@include` variables. */
export interface OperationVariant {
  readonly priceOf: PriceOf;
  /** Returns the document to execute and its schema; rewritten on first use. */
  readonly executable: () => Executable;
  /** Whether it has lists whose items are counted while it is executed. */
  readonly countsItems: boolean;
}

export interface Executable {
  readonly document: DocumentNode;
  /** The document as the client wrote it, for messages. */
  readonly written: DocumentNode;
  readonly schema: GraphQLSchema;
}

/** The number of cached variants per operation; two conditions make four. */
const MAX_VARIANTS = 16;
const NO_CONDITIONS: Conditions = new Map();
/** Estimates of memory for an operation, and for a selection that is merged, priced and rewritten. */
const BYTES_PER_OPERATION = 4000;
const BYTES_PER_SELECTION = 2000;

/** One operation of a valid document. */
export class Operation {
  readonly node: OperationDefinitionNode;
  readonly #valid: ValidDocument;
  readonly #schemas: EngineSchemas;
  readonly #variableNames: readonly string[];
  readonly #conditions: readonly string[];
  readonly #readArgument: ReadArgument;
  readonly #variants = new Map<string, OperationVariant>();
  readonly #onGrow: () => void;
  #bytes = BYTES_PER_OPERATION;
  #documentHash: string | undefined;

  /** @param onGrow called when `bytes` has grown */
  constructor(
    node: OperationDefinitionNode,
    valid: ValidDocument,
    schemas: EngineSchemas,
    onGrow: () => void,
  ) {
    this.node = node;
    this.#valid = valid;
    this.#schemas = schemas;
    this.#onGrow = onGrow;
    // Variables of other operations in the document don't count.
    this.#variableNames = (node.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
    this.#conditions = this.#variableNames.filter((name) => valid.conditions.has(name));
    this.#readArgument = createReadArgument(node);
  }

  /** Returns the variables that it declares: others have no effect, however large they are. */
  declared(variables: Variables): Variables {
    const names = this.#variableNames.filter((name) => Object.hasOwn(variables, name));
    if (names.length === Object.keys(variables).length) return variables;
    return Object.fromEntries(names.map((name) => [name, variables[name]]));
  }

  /** The SHA-256 of the text of its document. */
  get documentHash(): string {
    return (this.#documentHash ??= hash('sha256', this.#valid.document.loc?.source.body ?? ''));
  }

  /** An estimate of its memory, without the document. */
  get bytes(): number {
    return this.#bytes;
  }

  /** An estimate of the memory that is kept as long as it is executed for these variables. */
  keptBytes(variables: Variables): number {
    return this.#valid.bytes + this.#bytes + 2 * stringifyJson(variables).length;
  }

  /** Returns the variant for the values of these variables. @throws GatewayError if it is too large */
  variant(variables: Variables): OperationVariant {
    const conditions = this.#conditions.length === 0 ? NO_CONDITIONS : this.#conditionsOf(variables);
    const key = this.#conditions.map((name) => conditions.get(name)).join();
    const known = this.#variants.get(key);
    if (known !== undefined) return known;
    const [variant, bytes] = this.#prepare(conditions);
    if (this.#variants.size >= MAX_VARIANTS) {
      this.#variants.clear();
      this.#bytes = BYTES_PER_OPERATION;
    }
    this.#variants.set(key, variant);
    this.#bytes += bytes;
    this.#onGrow();
    return variant;
  }

  #prepare(conditions: Conditions): readonly [variant: OperationVariant, bytes: number] {
    const { served, leaves, maxCost } = this.#schemas;
    const merged = mergeSelections(served, this.node, this.#valid.fragments, conditions);
    const countsItems = measureItems(merged);
    // A condition without a value, such as null, is left to the executor, which reports it.
    const isDecided = conditions.size === this.#conditions.length;
    const copying = isDecided ? leaves : undefined;
    const cost = compileCost(merged, this.#readArgument, served, copying !== undefined);
    const { document: written } = this.#valid;
    let executable: Executable | undefined;
    const rewritten = (): Executable =>
      copying === undefined
        ? { document: written, written, schema: served }
        : { document: rewrite(this.node, merged), written, schema: copying };
    return [
      { priceOf: createPriceOf(cost, maxCost), executable: () => (executable ??= rewritten()), countsItems },
      countFields(merged) * BYTES_PER_SELECTION,
    ];
  }

  /** Returns the values of the conditions that are booleans. */
  #conditionsOf(variables: Variables): Conditions {
    const values = this.#conditions.map((name) => [name, this.#readVariable(name, variables)] as const);
    return new Map(values.filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'));
  }

  #readVariable(name: string, variables: Variables): unknown {
    if (Object.hasOwn(variables, name)) return variables[name];
    const definition = this.node.variableDefinitions?.find(({ variable }) => variable.name.value === name);
    return definition?.defaultValue?.kind === Kind.BOOLEAN ? definition.defaultValue.value : undefined;
  }
}

/** @param bytes an estimate of its memory */
export function validDocument(document: DocumentNode, bytes: number): ValidDocument {
  const conditions = new Set<string>();
  visit(document, {
    Directive({ name, arguments: args = [] }) {
      const value = args[0]?.value;
      const isCondition = name.value === 'skip' || name.value === 'include';
      if (isCondition && value?.kind === Kind.VARIABLE) conditions.add(value.name.value);
    },
  });
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return {
    document,
    conditions,
    bytes,
    fragments: new Map(fragments.map((fragment) => [fragment.name.value, fragment])),
  };
}

function countFields({ fields }: MergedObject): number {
  return fields.reduce(
    (sum, { objects }) => sum + objects.reduce((all, each) => all + countFields(each), 1),
    0,
  );
}
