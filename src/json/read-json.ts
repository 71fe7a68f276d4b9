import { isSpace } from './escaped-keys.ts';

type JsonObject = Record<string, unknown>;

/** An object or a list whose end has not been reached. */
interface Open {
  readonly values: JsonObject | unknown[];
  /** The key of the next value, in an object. */
  key: string;
}

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
  const parents: Open[] = [];
  for (;;) {
    let value: unknown;
    const opened = openedBy(reader.peek());
    if (opened === undefined) value = reader.scalar();
    else {
      reader.skip();
      const open: Open = { values: opened, key: '' };
      if (reader.peek() !== closing(open)) {
        if (!Array.isArray(opened)) open.key = reader.key();
        parents.push(open);
        continue;
      }
      reader.skip();
      value = opened;
    }
    for (;;) {
      const parent = parents.at(-1);
      if (parent === undefined) {
        if (reader.peek() !== '') reader.fail();
        return value;
      }
      put(parent, value);
      const next = reader.peek();
      if (next !== ',' && next !== closing(parent)) reader.fail();
      reader.skip();
      if (next === ',') {
        if (!Array.isArray(parent.values)) parent.key = reader.key();
        break;
      }
      value = parent.values;
      parents.pop();
    }
  }
}

function openedBy(character: string): JsonObject | unknown[] | undefined {
  if (character === '{') return {};
  return character === '[' ? [] : undefined;
}

function closing({ values }: Open): string {
  return Array.isArray(values) ? ']' : '}';
}

function put({ values, key }: Open, value: unknown): void {
  if (Array.isArray(values)) values.push(value);
  else if (key !== '__proto__') values[key] = value;
  // An assignment would set the prototype.
  else Object.defineProperty(values, key, { value, writable: true, enumerable: true, configurable: true });
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
    const [source] = SCALAR.exec(this.#text) ?? this.fail();
    this.#at += source.length;
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
    let end = this.#text.indexOf('"', start + 1);
    while (end !== -1 && this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1);
    if (end === -1) throw new SyntaxError(`Unterminated string in JSON at position ${start}`);
    this.#at = end + 1;
    // V8 confuses keys of objects only. It also refuses what is no string.
    return String(JSON.parse(this.#text.slice(start, end + 1)));
  }

  /** Whether the number of backslashes before a quote is odd. */
  #isEscaped(quote: number): boolean {
    let start = quote;
    while (this.#text.charCodeAt(start - 1) === 0x5c) start--;
    return (quote - start) % 2 === 1;
  }
}
