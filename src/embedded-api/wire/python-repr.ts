import type { PythonValue } from './python-json.ts';

/** Letta 0.16.7 puts Python reprs into its error messages; these functions reproduce them exactly. */

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
};

/** Returns `repr(str)`: in single quotes, unless the text has only single ones; escapes unprintable characters. */
export function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll(/[\\'"]|(?! )[\p{C}\p{Z}]/gu, (character) => {
    if (character === "'" || character === '"') return character === quote ? `\\${character}` : character;
    return SHORT_ESCAPES[character] ?? hexEscape(character.codePointAt(0) ?? 0);
  });
  return `${quote}${escaped}${quote}`;
}

function hexEscape(codePoint: number): string {
  const hex = codePoint.toString(16);
  if (codePoint <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return codePoint <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Returns `repr(bytes)`. */
export function pythonBytes(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll(/[^ -~]|[\\'"]/g, (character) => {
    if (character === "'" || character === '"') return character === quote ? `\\${character}` : character;
    return SHORT_ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `b${quote}${escaped}${quote}`;
}

/** Returns the Python repr of a value. */
export function pythonRepr(value: PythonValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return pythonString(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return floatRepr(value);
  if (value instanceof Map) {
    const entries = Array.from(value, ([key, item]) => `${pythonString(key)}: ${pythonRepr(item)}`);
    return `{${entries.join(', ')}}`;
  }
  return `[${Array.from(value, pythonRepr).join(', ')}]`;
}

/** The exponent has at least two digits, and begins below 1e-4. */
function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** Returns the name of a value's Python type. */
export function pythonType(value: PythonValue): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  return value instanceof Map ? 'dict' : 'list';
}

/** Returns `'a', 'b' or 'c'`, as Pydantic lists expected values. */
export function pythonChoices(values: readonly string[]): string {
  const quoted = values.map((value) => `'${value}'`);
  return [quoted.slice(0, -1).join(', '), ...quoted.slice(-1)].filter((part) => part !== '').join(' or ');
}
