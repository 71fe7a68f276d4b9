import {
  type ASTNode,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  isEnumType,
  visit,
} from 'graphql';
import { UNRECOGNIZED } from '../../runs/run-enums.ts';

/** Arguments that one message names: many may have the same variable, and many messages may be about it. */
const MAX_NAMES = 3;

/** Where something is written in a document. */
interface Written {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

interface WrittenArgument extends Written {
  readonly variables: Set<string>;
}

/**
 * Returns a function that completes messages about values, of which graphql-js names only the type, or the variable:
 * with the argument, and the values of an enum. The document is read once, when there is an error.
 */
export function completingMessages(
  schema: GraphQLSchema,
  document: DocumentNode,
): (error: GraphQLError) => string {
  const args: WrittenArgument[] = [];
  const definitions: Written[] = [];
  let current: WrittenArgument | undefined;
  visit(document, {
    Argument: {
      enter({ name, value }) {
        current = { ...placeOf(value, name.value), variables: new Set() };
        args.push(current);
      },
      leave() {
        current = undefined;
      },
    },
    VariableDefinition(node) {
      definitions.push(placeOf(node, node.variable.name.value));
    },
    Variable({ name }) {
      current?.variables.add(name.value);
    },
  });
  return ({ message, nodes = [] }) => {
    const around = <Each extends Written>(all: readonly Each[]): readonly Each[] =>
      all.filter((each) => nodes.some((node) => isWithin(placeOf(node, ''), each)));
    const own = around(args);
    const variables = around(definitions).map(({ name }) => name);
    const found =
      own.length > 0 ? own : args.filter((each) => variables.some((name) => each.variables.has(name)));
    const names = [...new Set(found.map(({ name }) => name))].slice(0, MAX_NAMES);
    return names.length === 0 ? message : `${names.join(', ')}: ${message}${allowedValues(schema, message)}`;
  };
}

/** For a message that a value is not one of an enum. What is newer than the gateway can't be asked for. */
function allowedValues(schema: GraphQLSchema, message: string): string {
  const [, name = ''] = /(?:in |Enum )"(\w+)" (?:enum\.|cannot represent)/.exec(message) ?? [];
  const type = schema.getType(name);
  if (!isEnumType(type)) return '';
  const values = type.getValues().flatMap((value) => (value.name === UNRECOGNIZED ? [] : [value.name]));
  return ` Its values are ${values.join(', ')}.`;
}

function placeOf({ loc }: ASTNode, name: string): Written {
  return { name, start: loc?.start ?? -1, end: loc?.end ?? -1 };
}

function isWithin({ start, end }: Written, outer: Written): boolean {
  return outer.start <= start && end <= outer.end && start >= 0;
}
