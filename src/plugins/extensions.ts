import { type GatewayPlugin, gatewayOf } from './gateway-request.ts';

/** A request with the value `1` gets the cost of its operation in `extensions.cost`. */
export const COST_HEADER = 'graphql-cost-debug';

/** What callers ask to be told beside the data: what their operation costs. */
export function useCostDebug(): GatewayPlugin {
  return {
    onExecute({ context }) {
      const { headers, operation } = gatewayOf(context);
      if (headers[COST_HEADER] !== '1' || operation === undefined) return undefined;
      return {
        onExecuteDone({ result }) {
          if (Symbol.asyncIterator in result || !('data' in result)) return;
          const { cost, fieldCosts } = operation;
          result.extensions = { ...result.extensions, cost: { estimated: cost, fields: fieldCosts() } };
        },
      };
    },
  };
}
