import { endOfText } from './count-objects.ts';
import { isSpace } from './escaped-keys.ts';

type JsonObject = Record<string, unknown>;

const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Parses JSON without V8's parser of objects. It is slower, doesn't recurse, and gives each key as it
 * is written: of equal keys the last wins, and `__proto__` is a property like any other.
 *
 * @param readNumber converts the source text of a number
 * @throws SyntaxError as `JSON.parse`, with other messages
 */
export function readJson(text: string, readNumber: (source: string) => unknown): unknown {
  const reader = new TokenReader(text, readNumber);
  /** The objects and lists whose end has not been reached, and in objects the key of the next value. */
  const parents: (JsonObject | unknown[])[] = [];
  const keys: string[] = [];
  for (;;) {
    let value: unknown;
    const opened = openedBy(reader.peek());
    if (opened === undefined) value = reader.scalar();
    else {
      reader.skip();
      if (reader.peek() !== closing(opened)) {
        keys.push(Array.isArray(opened) ? '' : reader.key());
        parents.push(opened);
        continue;
      }
      reader.skip();
      value = opened;
    }
    for (;;) {
      const last = parents.length - 1;
      const parent = parents[last];
      if (parent === undefined) {
        if (reader.peek() !== '') reader.fail();
        return value;
      }
      const filled = put(parent, keys[last], value);
      const next = reader.peek();
      if (next !== ',' && next !== closing(parent)) reader.fail();
      reader.skip();
      if (next === ',') {
        parents[last] = filled;
        if (!Array.isArray(filled)) keys[last] = reader.key();
        break;
      }
      value = filled;
      parents.pop();
      keys.pop();
    }
  }
}

function openedBy(character: string): JsonObject | unknown[] | undefined {
  if (character === '{') return {};
  return character === '[' ? [] : undefined;
}

function closing(values: JsonObject | unknown[]): string {
  return Array.isArray(values) ? ']' : '}';
}

/** Returns what the value is in now. */
function put(values: JsonObject | unknown[], key = '', value: unknown): JsonObject | unknown[] {
  if (Array.isArray(values)) {
    // The first `push` makes room for seventeen values, of which lists in lists may have one.
    if (values.length === 0) return [value];
    values.push(value);
  } else if (key !== '__proto__') values[key] = value;
  // An assignment would set the prototype.
  else Object.defineProperty(values, key, { value, writable: true, enumerable: true, configurable: true });
  return values;
}

class TokenReader {
  readonly #text: string;
  readonly #readNumber: (source: string) => unknown;
  #at = 0;

  constructor(text: string, readNumber: (source: string) => unknown) {
    this.#text = text;
    this.#readNumber = readNumber;
  }

  /** Returns the first character of the next token; empty at the end. */
  peek(): string {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
    return this.#text.charAt(this.#at);
  }

  /** Skips a token of one character. */
  skip(): void {
    this.#at++;
  }

  /** Reads a key and its colon. */
  key(): string {
    if (this.peek() !== '"') this.fail();
    const key = this.#string();
    if (this.peek() !== ':') this.fail();
    this.skip();
    return key;
  }

  /** Reads a text, a number, a boolean or null. */
  scalar(): unknown {
    if (this.peek() === '"') return this.#string();
    SCALAR.lastIndex = this.#at;
    if (!SCALAR.test(this.#text)) this.fail();
    const source = this.#text.slice(this.#at, SCALAR.lastIndex);
    this.#at = SCALAR.lastIndex;
    if (source === 'null') return null;
    return source === 'true' || source === 'false' ? source === 'true' : this.#readNumber(source);
  }

  fail(): never {
    const character = this.peek();
    const found = character === '' ? 'end' : `character ${JSON.stringify(character)}`;
    throw new SyntaxError(`Unexpected ${found} of JSON at position ${this.#at}`);
  }

  #string(): string {
    const start = this.#at;
    const end = endOfText(this.#text, start);
    if (end === Infinity) throw new SyntaxError(`Unterminated string in JSON at position ${start}`);
    this.#at = end + 1;
    // V8 confuses keys of objects only. It also refuses what is no string.
    return String(JSON.parse(this.#text.slice(start, end + 1)));
  }
}
