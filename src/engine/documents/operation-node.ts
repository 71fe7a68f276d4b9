import { type DocumentNode, GraphQLError, Kind, type OperationDefinitionNode } from 'graphql';
import { requestError } from './check-document.ts';

/** GetOperation of the specification, with the messages of graphql-js. @throws GraphQLError if there is none */
export function operationNode(
  { definitions }: DocumentNode,
  name: string | undefined,
): OperationDefinitionNode {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [first, second] = operations;
  if (name !== undefined) {
    const named = operations.find((operation) => operation.name?.value === name);
    if (named !== undefined) return named;
    throw notFound(`Unknown operation named "${name}".`);
  }
  if (first === undefined) throw notFound('Must provide an operation.');
  if (second === undefined) return first;
  throw notFound('Must provide operation name if query contains multiple operations.');
}

function notFound(message: string): GraphQLError {
  return requestError(new GraphQLError(message), 'OPERATION_RESOLUTION_FAILURE');
}
