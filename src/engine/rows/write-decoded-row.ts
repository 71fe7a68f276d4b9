import { stringifyJson } from '../../json/stringify-json.ts';
import { encodeCursor } from '../../lists/pages/cursor.ts';
import type { EnumTexts, RowProgram } from './row-program.ts';
import type { RowTable } from './row-table.ts';

/** Returns a function that writes a decoded row by a row program, with the text that the scanner writes for a scanned row. */
export function createRowWriter({ nested, instant }: RowTable): (steps: RowProgram, row: object) => string {
  const nestedNames = new Set(nested.fields.map(({ name }) => name));

  const valueOf = (row: object, name: string): unknown => {
    const holder: unknown = nestedNames.has(name) ? Reflect.get(row, nested.name) : row;
    return typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : null;
  };

  return (steps, row) => {
    let text = '';
    for (let at = 0; at < steps.length; at++) {
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
          const [key, id] = [valueOf(row, instant), valueOf(row, 'id')];
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
  };
}

function enumName(texts: EnumTexts | null, value: unknown): string | undefined {
  if (value === null) return texts?.ofNull;
  return texts?.values.find(([wire]) => wire === value)?.[1] ?? texts?.ofOthers;
}
