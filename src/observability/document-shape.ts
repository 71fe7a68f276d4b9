import { Kind, parse, print, type ValueNode, visit } from 'graphql';

/** Bytes of a shape. */
const MAX_SHAPE = 2_000;

const HIDDEN: ValueNode = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: '_' } };

/** Returns a document with `$_` in place of every value that is written in it; undefined if it can't be parsed. */
export function documentShape(text: string): string | undefined {
  try {
    const document = parse(text, { noLocation: true });
    const shape = visit(document, {
      Argument: (node) => ({ ...node, value: HIDDEN }),
      VariableDefinition: ({ defaultValue: _hidden, ...node }) => node,
    });
    return print(shape).replaceAll(/\s+/g, ' ').slice(0, MAX_SHAPE);
  } catch {
    return undefined;
  }
}
