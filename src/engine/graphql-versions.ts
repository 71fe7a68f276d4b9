import * as graphql from 'graphql';
import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';

type Validate = (args: ExecutionArgs) => readonly GraphQLError[] | ExecutionArgs;

// graphql-js 16 lacks some of these functions: a module that imported them by name could not be linked with it.
const ofVersion = (name: string) => Reflect.get(graphql, name);
const validateExecutionArgs: Validate | undefined = ofVersion('validateExecutionArgs');
const validateSubscriptionArgs: Validate | undefined = ofVersion('validateSubscriptionArgs');
const executeRootSelectionSet: typeof graphql.execute | undefined = ofVersion('executeRootSelectionSet');
const openSource: (args: ExecutionArgs) => ReturnType<typeof createSourceEventStream> =
  ofVersion('createSourceEventStream');

/** Executes an operation as graphql-js does, whose version 17 refuses a schema with `@defer` or `@stream` in `execute`. */
export function execute(args: ExecutionArgs): ReturnType<typeof graphql.execute> {
  if (executeRootSelectionSet === undefined) return graphql.execute(args);
  const validated = validateExecutionArgs?.(args) ?? args;
  return 'schema' in validated ? executeRootSelectionSet(validated) : { errors: validated };
}

/** Opens the events of a subscription: graphql-js 16 validates the arguments itself, 17 wants them validated. */
export async function createSourceEventStream(
  args: ExecutionArgs,
): Promise<AsyncIterable<unknown> | ExecutionResult> {
  const validated = validateSubscriptionArgs?.(args) ?? args;
  return 'schema' in validated ? openSource(validated) : { errors: validated };
}
