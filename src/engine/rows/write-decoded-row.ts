import { stringifyJson } from '../../json/stringify-json.ts';
import { encodeCursor } from '../../lists/pages/cursor.ts';
import { REQUEST_CONFIG_FIELD_LIST } from '../../runs/run-fields.ts';
import type { EnumTexts, RowProgram } from './row-program.ts';

const CONFIG_FIELDS: ReadonlySet<string> = new Set(REQUEST_CONFIG_FIELD_LIST.map(({ name }) => name));

/**
 * Writes a decoded run by a row program, with the text that the scanner writes for a scanned run. Stops when the text is
 * longer than `maxBytes`.
 */
export function writeDecodedRow(steps: RowProgram, row: object, maxBytes: number): string {
  let text = '';
  for (let at = 0; at < steps.length && text.length <= maxBytes; at++) {
    const step = steps[at];
    if (step === undefined) break;
    const value = step.field === null ? null : valueOf(row, step.field);
    text += step.text;
    switch (step.opcode) {
      case 'slice':
      case 'instant':
        text += stringifyJson(value);
        break;
      case 'enum value':
      case 'enum or next': {
        const name = enumName(step.enumTexts, value);
        text += name;
        if (step.opcode === 'enum or next' && name !== '') at++;
        break;
      }
      case 'enum list':
        text += Array.isArray(value)
          ? `[${value.map((name) => enumName(step.enumTexts, name)).join()}]`
          : 'null';
        break;
      case 'cursor': {
        const [key, id] = [valueOf(row, 'createdInstant'), valueOf(row, 'id')];
        text += JSON.stringify(encodeCursor({ key: String(key), id: String(id) }));
        break;
      }
      case 'object':
        if (value === null) {
          text += 'null';
          at += step.skip;
        }
        break;
      case 'text only':
        break;
    }
  }
  return text;
}

function valueOf(row: object, name: string): unknown {
  const holder: unknown = CONFIG_FIELDS.has(name) ? Reflect.get(row, 'requestConfig') : row;
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : null;
}

function enumName(texts: EnumTexts | null, value: unknown): string | undefined {
  if (value === null) return texts?.ofNull;
  return texts?.values.find(([wire]) => wire === value)?.[1] ?? texts?.ofOthers;
}
