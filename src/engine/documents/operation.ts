import { type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode, visit } from 'graphql';
import { type CostFormula, compileCost } from '../cost/compile-cost.ts';
import type { IntrospectionSizes } from '../cost/introspection-sizes.ts';
import { createReadArgument, type ReadArgument, type Variables } from '../cost/read-argument.ts';
import { type Conditions, type Fragments, type MergedObject, mergeSelections } from './merge-selections.ts';
import { rewrite } from './rewrite.ts';

/** The schemas that operations are worked out by. */
export interface EngineSchemas {
  /** The one that clients know. */
  readonly served: GraphQLSchema;
  /** The one with leaves; undefined where rows are not to be copied. */
  readonly leaves: GraphQLSchema | undefined;
  readonly introspection: IntrospectionSizes;
}

/** A valid document, and what is worked out once for all of its operations. */
export interface ValidDocument {
  readonly document: DocumentNode;
  readonly fragments: Fragments;
  /** The variables that `@skip` and `@include` look at. */
  readonly conditions: ReadonlySet<string>;
}

/** An operation with its conditions decided: what its text and those values determine. */
export interface OperationVariant {
  readonly cost: CostFormula;
  /** What is executed, and by which schema; worked out when it is wanted. */
  readonly executable: () => Executable;
}

interface Executable {
  readonly document: DocumentNode;
  readonly schema: GraphQLSchema;
}

/** Variants that are kept of one operation; those of two conditions are four. */
const MAX_VARIANTS = 16;
const FREE: CostFormula = { nodes: [], work: 0 };
/** Estimates of memory: of an operation, and of a selection that is merged, priced and rewritten. */
const BYTES_PER_OPERATION = 4000;
const BYTES_PER_SELECTION = 2000;

/** One operation of a valid document. */
export class Operation {
  readonly node: OperationDefinitionNode;
  readonly #valid: ValidDocument;
  readonly #schemas: EngineSchemas;
  readonly #conditions: readonly string[];
  readonly #readArgument: ReadArgument;
  readonly #variants = new Map<string, OperationVariant>();
  readonly #onGrow: () => void;
  #bytes = BYTES_PER_OPERATION;

  /** @param onGrow told when it has come to take more memory */
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
    // Those of other operations of the document have no values here.
    this.#conditions = (node.variableDefinitions ?? [])
      .map(({ variable }) => variable.name.value)
      .filter((name) => valid.conditions.has(name));
    this.#readArgument = createReadArgument(node);
  }

  /** An estimate of the memory that it takes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws OperationLimitError for an operation that is too large */
  variant(variables: Variables): OperationVariant {
    const conditions = this.#conditionsOf(variables);
    const key = this.#conditions.map((name) => conditions.get(name)).join();
    const known = this.#variants.get(key);
    if (known !== undefined) return known;
    const [variant, bytes] = this.#work(conditions);
    if (this.#variants.size >= MAX_VARIANTS) {
      this.#variants.clear();
      this.#bytes = BYTES_PER_OPERATION;
    }
    this.#variants.set(key, variant);
    this.#bytes += bytes;
    this.#onGrow();
    return variant;
  }

  #work(conditions: Conditions): readonly [variant: OperationVariant, bytes: number] {
    const { served, leaves, introspection } = this.#schemas;
    const asItIs: Executable = { document: this.#valid.document, schema: served };
    // The executor says that there are no operations of this type.
    if (!served.getRootType(this.node.operation)) return [{ cost: FREE, executable: () => asItIs }, 0];
    const merged = mergeSelections(served, this.node, this.#valid.fragments, conditions);
    // What can't be decided before, such as a condition that is null, the executor refuses in its own
    // words; and introspection is about the schema that is served.
    const isDecided = conditions.size === this.#conditions.length;
    const asksForSchema = merged.fields.some(({ name }) => name === '__schema' || name === '__type');
    const copying = isDecided && !asksForSchema ? leaves : undefined;
    const cost = compileCost(merged, this.#readArgument, introspection, copying !== undefined);
    let executable: Executable | undefined;
    const rewritten = (): Executable =>
      copying === undefined ? asItIs : { document: rewrite(this.node, merged), schema: copying };
    return [
      { cost, executable: () => (executable ??= rewritten()) },
      countFields(merged) * BYTES_PER_SELECTION,
    ];
  }

  /** Of those variables that have a value for certain. */
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

export function validDocument(document: DocumentNode): ValidDocument {
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
    fragments: new Map(fragments.map((fragment) => [fragment.name.value, fragment])),
  };
}

function countFields({ fields }: MergedObject): number {
  return fields.reduce(
    (sum, { objects }) => sum + objects.reduce((all, each) => all + countFields(each), 1),
    0,
  );
}
