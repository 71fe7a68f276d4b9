import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
  SingleFieldSubscriptionsRule,
  type ValidationRule,
} from 'graphql';

/**
 * If a subscription has `@skip` or `@include` at its top, refuses it with the message of graphql-js 17, in place of the
 * rule for a single field. That rule of graphql-js 16 reports their variables as missing values instead.
 */
export function forbidConditions(
  document: DocumentNode,
  rules: readonly ValidationRule[],
): readonly ValidationRule[] {
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION || node.operation !== OperationTypeNode.SUBSCRIPTION)
      continue;
    const nodes = conditionsAtTop(document, node.selectionSet);
    if (nodes.length === 0) continue;
    const name = node.name === undefined ? 'Anonymous Subscription' : `Subscription "${node.name.value}"`;
    const message = `${name} must not use \`@skip\` or \`@include\` directives in the top level selection.`;
    const refuse: ValidationRule = (context) => {
      context.reportError(new GraphQLError(message, { nodes }));
      return {};
    };
    return rules.map((rule) => (rule === SingleFieldSubscriptionsRule ? refuse : rule));
  }
  return rules;
}

/** Returns the conditions on the root fields of an operation, and on the fragments that they stand in. */
function conditionsAtTop({ definitions }: DocumentNode, top: SelectionSetNode): readonly DirectiveNode[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const conditions: DirectiveNode[] = [];
  const visit = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      const { directives = [] } = selection;
      conditions.push(...directives.filter(({ name }) => name.value === 'skip' || name.value === 'include'));
      if (selection.kind === Kind.FIELD) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.selectionSet);
        continue;
      }
      const fragment = fragments.get(selection.name.value);
      // Each fragment is visited once.
      fragments.delete(selection.name.value);
      if (fragment !== undefined) visit(fragment.selectionSet);
    }
  };
  visit(top);
  return conditions;
}
