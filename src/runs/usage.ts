import type { STEP_FIELDS } from './detail-fields.ts';
import type { RunStep } from './detail-fields.ts';
import type { Long } from './field.ts';
import { oncePer } from './once-per.ts';

/** A field of a step that counts tokens. */
export type TokenField = keyof typeof STEP_FIELDS & `${string}Tokens`;

/** A sum for each field, remembered for as long as its steps. */
const sums = new Map<TokenField, (steps: readonly RunStep[]) => Long | null>();

/** Returns the sum of a number of some steps, exactly; null if none of them has it. */
export function sumOf(steps: readonly RunStep[], field: TokenField): Long | null {
  const sum = sums.get(field) ?? oncePer((some: readonly RunStep[]) => addUp(some, field));
  sums.set(field, sum);
  return sum(steps);
}

function addUp(steps: readonly RunStep[], field: TokenField): Long | null {
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
export const stepsByModel = oncePer((steps: readonly RunStep[]): readonly StepsOfModel[] =>
  [...Map.groupBy(steps, ({ model }) => model)].map(([model, some]) => ({ model, steps: some })),
);
