import type { PythonValue } from './python-json.ts';

/** A text that isn't JSON, in the words of Python's `json.loads`. */
export class JsonProblem extends Error {
  override readonly name = 'JsonProblem' as const;
  /** Where the reader stopped, in characters. */
  readonly at: number;

  constructor(problem: string, at: number) {
    super(problem);
    this.at = at;
  }
}

/** What Python can't hold: nesting beyond its recursion limit, whole numbers of too many digits. */
export class UnreadableJson extends Error {
  override readonly name = 'UnreadableJson' as const;
}

/** Python's recursion limit, as far as the calls around it leave it. */
const MAX_DEPTH = 964;
const MAX_DIGITS = 4300;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const LITERAL = /null|true|false|NaN|-?Infinity/y;
/** The longest beginning of a string that has nothing wrong. */
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\["\\/bfnrt]|\\u[\da-fA-F]{4})*/uy;

const ENDS_IN_ESCAPE = /[^\\](?:\\\\)*\\u[\da-fA-F]{4}$/;

const LITERALS: Readonly<Record<string, PythonValue>> = {
  null: null,
  true: true,
  false: false,
  NaN: Number.NaN,
  Infinity,
  '-Infinity': -Infinity,
};

/**
 * Reads a JSON text from a client like Python's `json.loads`, which also takes `NaN` and `Infinity`. Of a repeated key
 * the last value counts.
 * @throws JsonProblem for what isn't JSON, UnreadableJson for what Python can't hold
 */
export function loadJson(text: string): PythonValue {
  let at = 0;
  const fail = (problem: string, where = at): never => {
    throw new JsonProblem(problem, Array.from(text.slice(0, where)).length);
  };
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  const skipSpace = (): void => void take(SPACE);

  const string = (): string => {
    const [token = ''] = take(STRING) ?? [];
    const start = at - token.length;
    const next = text[at];
    if (next === '"') {
      at += 1;
      return String(JSON.parse(`${token}"`));
    }
    // Python takes an escape for cut off if nothing follows it.
    if (next === undefined && ENDS_IN_ESCAPE.test(token)) return fail('Invalid \\uXXXX escape', at - 5);
    if (next === undefined) return fail('Unterminated string starting at', start);
    if (next !== '\\') return fail('Invalid control character at');
    if (at + 1 === text.length) return fail('Unterminated string starting at', start);
    return text[at + 1] === 'u' ? fail('Invalid \\uXXXX escape', at + 1) : fail('Invalid \\escape');
  };
  const list = (depth: number): PythonValue[] => {
    const items: PythonValue[] = [];
    skipSpace();
    while (text[at] !== ']' || items.length > 0) {
      items.push(value(depth + 1));
      skipSpace();
      if (text[at] === ']') break;
      if (text[at] !== ',') fail("Expecting ',' delimiter");
      at += 1;
      skipSpace();
    }
    at += 1;
    return items;
  };
  const dict = (depth: number): Map<string, PythonValue> => {
    const entries = new Map<string, PythonValue>();
    skipSpace();
    while (text[at] !== '}' || entries.size > 0) {
      if (text[at] !== '"') fail('Expecting property name enclosed in double quotes');
      const key = string();
      skipSpace();
      if (text[at] !== ':') fail("Expecting ':' delimiter");
      at += 1;
      skipSpace();
      entries.set(key, value(depth + 1));
      skipSpace();
      if (text[at] === '}') break;
      if (text[at] !== ',') fail("Expecting ',' delimiter");
      at += 1;
      skipSpace();
    }
    at += 1;
    return entries;
  };
  const value = (depth: number): PythonValue => {
    if (text[at] === '"') return string();
    if (text[at] === '[' || text[at] === '{') {
      if (depth > MAX_DEPTH) throw new UnreadableJson('nested too deeply');
      at += 1;
      return text[at - 1] === '[' ? list(depth) : dict(depth);
    }
    const literal = take(LITERAL);
    if (literal !== null) return LITERALS[literal[0]] ?? null;
    const number = take(NUMBER);
    if (number === null) return fail('Expecting value');
    const [digits, fraction, exponent] = number;
    if (fraction !== undefined || exponent !== undefined) return Number(digits);
    if (digits.replace('-', '').length > MAX_DIGITS)
      throw new UnreadableJson('a whole number of too many digits');
    return BigInt(digits);
  };
  skipSpace();
  const loaded = value(1);
  skipSpace();
  if (at < text.length) fail('Extra data');
  return loaded;
}
