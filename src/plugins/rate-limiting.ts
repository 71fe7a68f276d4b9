import type { Finish } from './errors.ts';
import { type BeforeExecution, type GatewayPlugin, gatewayOf } from './gateway-request.ts';
import type { RateLimit } from './rate-limit.ts';
import { refusedResult } from './refused-result.ts';

/** Charges each request before anything is parsed, which takes time as well. */
export function useRequestRateLimit(rateLimit: RateLimit): GatewayPlugin {
  return {
    async onParams({ context }) {
      const exceeded = await rateLimit.chargeRequest(gatewayOf(context).credentials.account);
      if (exceeded) throw exceeded;
    },
  };
}

/** Charges what an operation costs. */
export function useCostRateLimit(rateLimit: RateLimit, finish: Finish): GatewayPlugin {
  const charge = async ({ args, context, setResultAndStopExecution }: BeforeExecution): Promise<void> => {
    const { credentials, operation } = gatewayOf(context);
    const exceeded = operation && (await rateLimit.chargeCost(credentials.account, operation.charge));
    if (exceeded) setResultAndStopExecution(refusedResult(exceeded, args, context, finish));
  };
  return { onExecute: charge, onSubscribe: charge };
}
