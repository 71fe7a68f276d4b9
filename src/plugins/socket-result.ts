import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, mapAsyncIterator } from 'graphql-yoga';
import { type Finish, finishResult } from './errors.ts';
import type { GatewayPlugin } from './gateway-request.ts';
import { isWritten } from './text-result.ts';

/** Hands the results of an operation to its WebSocket connection, instead of writing a response. */
export function useSocketResult(finish: Finish): GatewayPlugin {
  return {
    onResultProcess({ serverContext, setResultProcessor }) {
      const { socket } = serverContext;
      if (socket === undefined) return;
      const failed = (error: unknown): ExecutionResult => ({ errors: finish([error], serverContext, true) });
      // A plugin's result that isn't JSON would make graphql-ws close the connection, with all other operations.
      const checked = (result: ExecutionResult): ExecutionResult => {
        try {
          const last = finishResult(result, serverContext, finish);
          JSON.stringify(isWritten(last) ? last.extensions : last);
          return last;
        } catch (error) {
          return failed(error);
        }
      };
      setResultProcessor((result, { Response }) => {
        if (isAsyncIterable(result)) socket.takeResult(mapAsyncIterator(result, checked, failed));
        // Batches come by HTTP only.
        else if (!Array.isArray(result)) socket.takeResult(checked(result));
        return new Response(null);
      }, '*/*');
    },
  };
}
