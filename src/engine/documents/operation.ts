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

/** An operation with its conditions decided: what its text and those values determine. */
export interface OperationVariant {
  /** What is executed, and by which schema. */
  readonly document: DocumentNode;
  readonly schema: GraphQLSchema;
  readonly cost: CostFormula;
  /** An estimate of its memory. */
  readonly bytes: number;
}

/** Variants that are kept of one operation; those of two conditions are four. */
const MAX_VARIANTS = 16;
const FREE: CostFormula = { nodes: [], work: 0 };
/** What a selection takes once it is merged, priced and rewritten. */
const BYTES_PER_SELECTION = 2000;

/** One operation of a valid document. */
export class Operation {
  readonly node: OperationDefinitionNode;
  readonly #document: DocumentNode;
  readonly #schemas: EngineSchemas;
  readonly #fragments: Fragments;
  readonly #conditions: readonly string[];
  readonly #readArgument: ReadArgument;
  readonly #variants = new Map<string, OperationVariant>();

  readonly #onGrow: () => void;

  /** @param onGrow told when it has come to take more memory */
  constructor(
    node: OperationDefinitionNode,
    document: DocumentNode,
    schemas: EngineSchemas,
    onGrow: () => void,
  ) {
    this.node = node;
    this.#document = document;
    this.#schemas = schemas;
    this.#onGrow = onGrow;
    this.#fragments = fragmentsOf(document);
    this.#conditions = conditionVariables(document, node);
    this.#readArgument = createReadArgument(node);
  }

  /** An estimate of the memory that its variants take. */
  get bytes(): number {
    return this.#variants.values().reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** @throws OperationLimitError for an operation that is too large */
  variant(variables: Variables): OperationVariant {
    const conditions = this.#conditionsOf(variables);
    const key = this.#conditions.map((name) => conditions.get(name)).join();
    const known = this.#variants.get(key);
    if (known !== undefined) return known;
    const variant = this.#work(conditions);
    if (this.#variants.size >= MAX_VARIANTS) this.#variants.clear();
    this.#variants.set(key, variant);
    this.#onGrow();
    return variant;
  }

  #work(conditions: Conditions): OperationVariant {
    const { served, leaves, introspection } = this.#schemas;
    // The executor says that there are no operations of this type.
    if (!served.getRootType(this.node.operation)) {
      return { document: this.#document, schema: served, cost: FREE, bytes: 0 };
    }
    const merged = mergeSelections(served, this.node, this.#fragments, conditions);
    const cost = compileCost(merged, this.#readArgument, introspection, leaves !== undefined);
    const bytes = countFields(merged) * BYTES_PER_SELECTION;
    // What can't be decided before, such as a condition that is null, the executor refuses in its own
    // words; and introspection is about the schema that is served.
    const isDecided = conditions.size === this.#conditions.length;
    const asksForSchema = merged.fields.some(({ name }) => name === '__schema' || name === '__type');
    if (leaves === undefined || !isDecided || asksForSchema) {
      return { document: this.#document, schema: served, cost, bytes };
    }
    return { document: rewrite(this.node, merged), schema: leaves, cost, bytes };
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

function fragmentsOf({ definitions }: DocumentNode): Fragments {
  return new Map(
    definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((definition) => [definition.name.value, definition]),
  );
}

/** The variables of an operation that `@skip` and `@include` look at, be it in fragments. */
function conditionVariables(
  document: DocumentNode,
  { variableDefinitions = [] }: OperationDefinitionNode,
): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: args = [] }) {
      const value = args[0]?.value;
      const isCondition = name.value === 'skip' || name.value === 'include';
      if (isCondition && value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  // Those of other operations of the document have no values here.
  return variableDefinitions.map(({ variable }) => variable.name.value).filter((name) => names.has(name));
}

function countFields({ fields }: MergedObject): number {
  return fields.reduce(
    (sum, { objects }) => sum + objects.reduce((all, each) => all + countFields(each), 1),
    0,
  );
}
