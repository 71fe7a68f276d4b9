import type { RunFieldName } from '../../runs/run-fields.ts';
import type { EnumTexts } from './enum-table.ts';

/** What a step of a row program writes after its text. */
export const STEP_KINDS = [
  'nothing',
  'slice',
  'instant',
  'enum value',
  'enum list',
  'cursor',
  'object',
] as const;

export interface Step {
  /** ASCII, written unchanged. */
  readonly text: string;
  readonly kind: (typeof STEP_KINDS)[number];
  readonly field: RunFieldName | null;
  readonly enumTexts: EnumTexts | null;
  /** For an object: the number of steps to skip if it is null. */
  skip: number;
}
