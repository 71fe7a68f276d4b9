import type { STEP_FIELDS } from './detail-fields.ts';
import type { Long, RunStep } from './details.ts';

/** A field of a step that counts tokens. */
export type TokenField = keyof typeof STEP_FIELDS & `${string}Tokens`;

/** Adds up a number of some steps, exactly; null if none of them has it. */
export function sumOf(steps: readonly RunStep[], field: TokenField): Long | null {
  let sum = 0;
  let isKnown = false;
  for (const { [field]: value } of steps) {
    if (value === null) continue;
    isKnown = true;
    // Doubles are exact as long as no sum on the way leaves the safe range.
    sum += typeof value === 'number' ? value : Number.NaN;
    if (!Number.isSafeInteger(sum)) return exactSum(steps, field);
  }
  return isKnown ? sum : null;
}

function exactSum(steps: readonly RunStep[], field: TokenField): Long {
  const sum = steps.reduce((total, { [field]: value }) => total + BigInt(value ?? 0), 0n);
  return Number.isSafeInteger(Number(sum)) ? Number(sum) : sum;
}

/** The steps with one model; null for those of which it isn't known. */
export interface StepsOfModel {
  readonly model: string | null;
  readonly steps: readonly RunStep[];
}

/** Groups steps by their model, in the order in which the models first occur. */
export function stepsByModel(steps: readonly RunStep[]): readonly StepsOfModel[] {
  return [...Map.groupBy(steps, ({ model }) => model)].map(([model, some]) => ({ model, steps: some }));
}
