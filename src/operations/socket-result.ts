import type { ExecutionResult } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import type { GatewayPlugin } from '../access/gateway-request.ts';
import { type ConvertErrors, withClientErrors } from './result-errors.ts';
import { hasData, sentBytes } from './text-result.ts';

/** Hands the results of an operation to its WebSocket connection, instead of writing a response. */
export function useSocketResult(convertErrors: ConvertErrors): GatewayPlugin {
  return {
    onResultProcess({ serverContext, setResultProcessor }) {
      const { socket } = serverContext;
      if (socket === undefined) return;
      const textOf = (result: ExecutionResult): Uint8Array =>
        sentBytes(withClientErrors(result, serverContext, convertErrors));
      setResultProcessor((result, { Response }) => {
        if (isAsyncIterable(result)) socket.takeResults(result, textOf, []);
        // `useErrors` refuses lists.
        else if (!Array.isArray(result)) {
          socket.takeResults([result], textOf, hasData(result) ? [] : (result.errors ?? []));
        }
        return new Response(null);
      }, '*/*');
    },
  };
}
