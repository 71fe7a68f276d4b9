import { stringifyJson } from '../../json/stringify-json.ts';
import { encodeCursor } from '../../lists/pages/cursor.ts';
import { ROW_TABLE, type Row } from './run-table.ts';
import type { EnumTexts, Step } from './step.ts';

/** Writes a row like the scanner, but from its values, for rows that were not scanned. */
export function writeRow(steps: readonly Step[], row: Row): string {
  let text = '';
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at];
    if (step === undefined) break;
    const value = step.field === null ? null : valueOf(row, step.field);
    text += step.text;
    switch (step.kind) {
      case 'slice':
      case 'instant':
        text += stringifyJson(value);
        break;
      case 'enum value':
        text += enumName(step.enumTexts, value);
        break;
      case 'enum list':
        text += Array.isArray(value)
          ? `[${value.map((one) => enumName(step.enumTexts, one)).join()}]`
          : 'null';
        break;
      case 'cursor':
        text += JSON.stringify(encodeCursor(ROW_TABLE.positionOf(row)));
        break;
      case 'object':
        // If null, skips the steps of the object.
        if (value === null) {
          text += 'null';
          at += step.skip;
        }
        break;
      case 'nothing':
        break;
    }
  }
  return text;
}

const { nested } = ROW_TABLE;
const NESTED_NAMES: ReadonlySet<string> = new Set(nested.fields.map(({ name }) => name));

function valueOf(row: Row, name: string): unknown {
  const holder: unknown = NESTED_NAMES.has(name) ? Reflect.get(row, nested.name) : row;
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : null;
}

function enumName(texts: EnumTexts | null, value: unknown): string | undefined {
  if (value === null) return texts?.ofNull;
  return texts?.known.find(([known]) => known === value)?.[1] ?? texts?.ofOthers;
}
