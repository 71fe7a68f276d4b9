import { GatewayError } from '../../errors/gateway-error.ts';
import type { MergedObject } from '../documents/merge-selections.ts';
import { MAX_VALUES_PER_COST, MIN_VALUES_LIMIT } from '../limits.ts';
import { type Price, type PriceOptions, priceOf } from './price.ts';

/** The number of fields whose costs are shown, and the characters shown of each path. */
const MAX_SHOWN = 20;
const MAX_PATH = 200;

/** The costs of the most expensive fields, without what lies below them, by path in the response. */
export type FieldCosts = Readonly<Record<string, number>>;

export function fieldCostsOf(selections: MergedObject, options: PriceOptions): FieldCosts {
  const costs: (readonly [path: string, cost: number])[] = [];
  priceOf(selections, { ...options, onFieldCost: (path, cost) => costs.push([path, cost]) });
  const most = costs.toSorted(([, a], [, b]) => b - a).slice(0, MAX_SHOWN);
  return Object.fromEntries(most.map(([path, cost]) => [shortened(path), cost]));
}

/** Prices an operation. @throws GatewayError if it is too expensive, or has too many values */
export function priceWithinLimits(selections: MergedObject, options: PriceOptions, maxCost: number): Price {
  const price = priceOf(selections, options);
  if (price.cost > maxCost) {
    const [[field, fieldCost] = ['', 0]] = Object.entries(fieldCostsOf(selections, options));
    throw new GatewayError(
      'COST_LIMIT_EXCEEDED',
      `The operation costs ${shown(price.cost)}, but the limit is ${maxCost}. The most expensive field is ${field}, with ${shown(fieldCost)}. Request fewer rows at once.`,
      { cost: Math.min(price.cost, Number.MAX_SAFE_INTEGER), maxCost, field },
    );
  }
  if (price.values > Math.max(maxCost * MAX_VALUES_PER_COST, MIN_VALUES_LIMIT)) {
    throw new GatewayError(
      'OPERATION_TOO_LARGE',
      'The operation requests too many values at once; request fewer fields or rows.',
    );
  }
  return price;
}

/** Nested lists can cost more than a number can hold, so that the cost is infinite. */
function shown(cost: number): string {
  return cost > Number.MAX_SAFE_INTEGER ? 'more than 2^53' : String(cost);
}

function shortened(path: string): string {
  return path.length > MAX_PATH ? `…${path.slice(-MAX_PATH)}` : path;
}
