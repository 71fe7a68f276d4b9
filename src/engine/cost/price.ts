import { OperationLimitError, WORK_PER_COST } from '../limits.ts';
import type { CostFormula, CostNode } from './compile-cost.ts';
import type { Variables } from './read-argument.ts';

/** What an operation may cost, told before it is executed. */
export interface OperationCost {
  /** As the IBM cost specification has it, by the schema's `@cost` and `@listSize`. */
  readonly cost: number;
  /** Values that have to be made, weighed by how much work each is. */
  readonly work: number;
}

/** Fields whose costs are shown, the most expensive ones, and characters of their paths. */
const MAX_SHOWN = 20;
const MAX_PATH = 200;

/** What the most expensive fields cost by themselves, by their paths in the answer. */
export type FieldCosts = Readonly<Record<string, number>>;

/**
 * Evaluates the formula with the variables of a request.
 *
 * @throws OperationLimitError for what is too expensive
 */
export function priceOf(
  formula: CostFormula,
  variables: Variables,
  maxCost: number,
): { readonly cost: OperationCost; readonly fieldCosts: () => FieldCosts } {
  const cost = evaluate(formula, variables);
  const fieldCosts = (): FieldCosts => {
    const costs = new Map<CostNode, number>();
    evaluate(formula, variables, (node, own) => costs.set(node, (costs.get(node) ?? 0) + own));
    const most = [...costs].toSorted(([, a], [, b]) => b - a).slice(0, MAX_SHOWN);
    return Object.fromEntries(most.map(([{ path }, own]) => [shortened(path), own]));
  };
  if (cost.cost > maxCost) {
    const [[field, own] = ['', 0]] = Object.entries(fieldCosts());
    throw new OperationLimitError(
      'COST_LIMIT_EXCEEDED',
      `The operation costs ${shown(cost.cost)}, and ${maxCost} is the limit; most of it, ${shown(own)}, is ${field}. Ask for fewer rows at once.`,
      { cost: finite(cost.cost), maxCost, field },
    );
  }
  if (cost.work > maxCost * WORK_PER_COST) {
    throw new OperationLimitError(
      'OPERATION_TOO_LARGE',
      'The operation asks for too many values at once; ask for fewer fields or fewer rows.',
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
    if (node.weight > 0) onField?.(node, times * size * node.weight);
    // Of the types that a value can be of, the most expensive one counts.
    let [costBelow, workBelow] = [0, 0];
    for (const object of node.below) {
      const below = evaluate(object, variables, onField, times * size);
      costBelow = Math.max(costBelow, below.cost);
      workBelow = Math.max(workBelow, below.work);
    }
    cost += Math.max(0, size * (node.weight + costBelow));
    work += node.listed(variables) + node.size(variables, false) * (node.work + workBelow);
  }
  return { cost, work };
}

/** Fragments within fragments can cost more than a number holds. */
function finite(cost: number): number {
  return Math.min(cost, Number.MAX_SAFE_INTEGER);
}

function shown(cost: number): string {
  return cost > Number.MAX_SAFE_INTEGER ? 'more than 2^53' : String(cost);
}

function shortened(path: string): string {
  return path.length > MAX_PATH ? `…${path.slice(-MAX_PATH)}` : path;
}
