import { type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import { nullEntities } from '../engine/index.ts';
import type { Finish } from './errors.ts';
import type { GatewayContext } from './gateway-request.ts';
import { textResult } from './result.ts';

/**
 * The result of an operation that is refused. Routers get data, null in the place of each entity, whatever they sent is
 * refused for: there are routers that lose the error's code otherwise.
 */
export function refusedResult(
  error: unknown,
  { document, operationName, variableValues }: ExecutionArgs,
  context: GatewayContext,
  finish: Finish,
): ExecutionResult {
  const operation = getOperationAST(document, operationName);
  const data = operation ? nullEntities(operation, variableValues ?? {}) : undefined;
  return textResult(data, finish([error], context, data === undefined));
}
