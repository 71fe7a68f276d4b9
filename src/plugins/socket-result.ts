import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, mapAsyncIterator } from 'graphql-yoga';
import { type Finish, finishResult } from './errors.ts';
import type { GatewayPlugin } from './gateway-request.ts';
import { hasData, sentBytes } from './text-result.ts';

/** Hands the texts of an operation's results to its WebSocket connection, instead of writing a response. */
export function useSocketResult(finish: Finish): GatewayPlugin {
  return {
    onResultProcess({ serverContext, setResultProcessor }) {
      const { socket } = serverContext;
      if (socket === undefined) return;
      const failed = (error: unknown) => sentBytes({ errors: finish([error], serverContext, true) });
      // A plugin's result that isn't JSON must not close the connection, with all other operations.
      const textOf = (result: ExecutionResult): Uint8Array => {
        try {
          return sentBytes(finishResult(result, serverContext, finish));
        } catch (error) {
          return failed(error);
        }
      };
      setResultProcessor((result, { Response }) => {
        if (isAsyncIterable(result)) socket.takeTexts(mapAsyncIterator(result, textOf, failed));
        // Batches come by HTTP only.
        else if (!Array.isArray(result)) {
          const text = textOf(result);
          const only = async function* () {
            yield text;
          };
          socket.takeTexts(only(), hasData(result) ? undefined : result.errors);
        }
        return new Response(null);
      }, '*/*');
    },
  };
}
