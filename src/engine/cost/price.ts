import { GatewayError } from '../../errors/gateway-error.ts';
import { maxWorkOf } from '../limits.ts';
import type { CostFormula, CostNode } from './compile-cost.ts';
import type { Variables } from './read-argument.ts';

/** The estimated cost of an operation, known before it is executed. */
export interface OperationCost {
  /** By the GraphQL cost directives specification: `@cost` and `@listSize` in the schema. */
  readonly cost: number;
  /** The number of values to produce, weighted by the work for each. */
  readonly work: number;
}

/** The number of fields whose costs are shown, and the characters shown of each path. */
const MAX_SHOWN = 20;
const MAX_PATH = 200;

/** The own costs of the most expensive fields, by path in the response. */
export type FieldCosts = Readonly<Record<string, number>>;

interface Price {
  readonly cost: OperationCost;
  readonly fieldCosts: () => FieldCosts;
}

/** Evaluates a cost formula with the variables of a request. @throws GatewayError if it is too expensive */
export type PriceOf = (variables: Variables) => Price;

/** The variables whose price is remembered: so many, with texts of so many characters. */
const MAX_REMEMBERED = { variables: 16, characters: 256 };

/** Remembers the price for the last variables, which depends on nothing else: clients often ask again. */
export function createPriceOf(formula: CostFormula, maxCost: number): PriceOf {
  let last: { readonly variables: Variables; readonly price: Price } | undefined;
  return (variables) => {
    if (last !== undefined && areSame(last.variables, variables)) return last.price;
    const price = priceOf(formula, variables, maxCost);
    if (areSame(variables, variables)) last = { variables, price };
    return price;
  };
}

/** Whether variables have the same names and values, which are short and no objects. */
function areSame(some: Variables, others: Variables): boolean {
  const names = Object.keys(some);
  return (
    names.length <= MAX_REMEMBERED.variables &&
    names.length === Object.keys(others).length &&
    names.every((name) => {
      const value = some[name];
      const isShort =
        typeof value === 'string' ? value.length <= MAX_REMEMBERED.characters : Object(value) !== value;
      return isShort && Object.hasOwn(others, name) && Object.is(value, others[name]);
    })
  );
}

function priceOf(formula: CostFormula, variables: Variables, maxCost: number): Price {
  const cost = evaluate(formula, variables);
  const fieldCosts = (): FieldCosts => {
    const costs = new Map<CostNode, number>();
    evaluate(formula, variables, (node, own) => costs.set(node, (costs.get(node) ?? 0) + own));
    const most = [...costs].toSorted(([, a], [, b]) => b - a).slice(0, MAX_SHOWN);
    return Object.fromEntries(most.map(([{ path }, own]) => [shortened(path), own]));
  };
  if (cost.cost > maxCost) {
    const [[field, own] = ['', 0]] = Object.entries(fieldCosts());
    throw new GatewayError(
      'COST_LIMIT_EXCEEDED',
      `The operation costs ${shown(cost.cost)}, but the limit is ${maxCost}. The most expensive field is ${field}, with ${shown(own)}. Request fewer rows at once.`,
      { cost: finite(cost.cost), maxCost, field },
    );
  }
  if (cost.work > maxWorkOf(maxCost)) {
    throw new GatewayError(
      'OPERATION_TOO_LARGE',
      'The operation requests too many values at once; request fewer fields or rows.',
    );
  }
  return { cost, fieldCosts };
}

function evaluate(
  formula: CostFormula,
  variables: Variables,
  onField?: (node: CostNode, cost: number) => void,
  times = 1,
): OperationCost {
  let { work } = formula;
  let cost = 0;
  for (const node of formula.nodes) {
    const size = node.size(variables, true);
    const ofArguments = node.argumentWeight(variables);
    const own = size * node.weight + ofArguments;
    if (own > 0) onField?.(node, times * own);
    // Of the possible types of a value, the most expensive one counts.
    let [costBelow, workBelow] = [0, 0];
    for (const object of node.below) {
      const below = evaluate(object, variables, onField, times * size);
      costBelow = Math.max(costBelow, below.cost);
      workBelow = Math.max(workBelow, below.work);
    }
    cost += Math.max(0, own + size * costBelow);
    work += node.argumentValues(variables) + node.size(variables, false) * (node.work + workBelow);
  }
  return { cost, work };
}

/** Nested lists can cost more than a number can hold. */
function finite(cost: number): number {
  return Math.min(cost, Number.MAX_SAFE_INTEGER);
}

function shown(cost: number): string {
  return cost > Number.MAX_SAFE_INTEGER ? 'more than 2^53' : String(cost);
}

function shortened(path: string): string {
  return path.length > MAX_PATH ? `…${path.slice(-MAX_PATH)}` : path;
}
