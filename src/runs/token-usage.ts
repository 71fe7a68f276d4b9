import type { RunStep, STEP_FIELDS } from './detail-fields.ts';
import { getOrCompute, memoize } from './memoize.ts';

/** A field of a step that counts tokens. */
export type TokenField = keyof typeof STEP_FIELDS & `${string}Tokens`;

const sumsOf = memoize((_steps: readonly RunStep[]) => new Map<TokenField, number | null>());

/** Returns the sum of a number of steps, cached with the steps; null if no step has the number. */
export function sumOf(steps: readonly RunStep[], field: TokenField): number | null {
  return getOrCompute(sumsOf(steps), field, () => addUp(steps, field));
}

function addUp(steps: readonly RunStep[], field: TokenField): number | null {
  const counts = steps.map(({ [field]: count }) => count).filter((count) => count !== null);
  return counts.length === 0 ? null : counts.reduce((total, count) => total + count);
}

export type StepsOfModel = ReturnType<typeof stepsByModel>[number];

/** Groups steps by their model, null if it isn't known, in the order in which the models first occur. */
export const stepsByModel = memoize((steps: readonly RunStep[]) =>
  [...Map.groupBy(steps, ({ model }) => model)].map(([model, some]) => ({ model, steps: some })),
);
