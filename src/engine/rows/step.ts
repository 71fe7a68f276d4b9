import type { RunFieldName } from '../../runs/run-fields.ts';
import type { EnumTexts } from './enum-table.ts';

/** What a step of a row program writes behind its text. */
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
  /** ASCII, written as it is. */
  readonly text: string;
  readonly kind: (typeof STEP_KINDS)[number];
  readonly field: RunFieldName | null;
  readonly enumTexts: EnumTexts | null;
  /** Of an object: how many steps to leave out if it is null. */
  skip: number;
}
