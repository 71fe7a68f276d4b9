import { stringifyJson } from '../../json/stringify-json.ts';
import { encodeCursor } from '../../lists/pages/cursor.ts';
import { positionOf } from '../../runs/position.ts';
import { REQUEST_CONFIG_FIELDS, type RunFieldName } from '../../runs/run-fields.ts';
import type { Run } from '../../runs/run.ts';
import type { EnumTexts } from './enum-table.ts';
import type { Step } from './step.ts';

/** Writes a run like the scanner, but from its values, for runs that were not scanned. */
export function writeRow(steps: readonly Step[], run: Run): string {
  let text = '';
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at];
    if (step === undefined) break;
    const value = step.field === null ? null : valueOf(run, step.field);
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
        text += JSON.stringify(encodeCursor(positionOf(run)));
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

function valueOf(run: Run, name: RunFieldName): unknown {
  if (!(name in REQUEST_CONFIG_FIELDS)) return Reflect.get(run, name);
  return run.requestConfig === null ? null : Reflect.get(run.requestConfig, name);
}

function enumName(texts: EnumTexts | null, value: unknown): string | undefined {
  if (value === null) return texts?.ofNull;
  return texts?.known.find(([known]) => known === value)?.[1] ?? texts?.ofOthers;
}
