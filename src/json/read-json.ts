/** A character of JSON's own, a string, a number or a name; empty at the end of the text. */
const TOKEN =
  /[\t\n\r ]*([{}[\]:,]|"[^"\\]*(?:\\.[^"\\]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|$)/y;
const NUMBER = /^[-\d]/;

/**
 * Parses JSON without V8's parser of objects, and slower. Each key is as it is written: of equal keys the last wins, and
 * `__proto__` is a property like any other.
 *
 * @param readNumber converts the source text of a number
 * @throws SyntaxError for what isn't JSON, and for thousands of levels
 */
export function readJson(text: string, readNumber: (source: string) => unknown): unknown {
  const reader = new Reader(text, readNumber);
  try {
    const value = reader.value();
    reader.take('');
    return value;
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('JSON is nested too deeply', { cause: error });
    throw error;
  }
}

class Reader {
  readonly #text: string;
  readonly #readNumber: (source: string) => unknown;
  #at = 0;
  #token = '';

  constructor(text: string, readNumber: (source: string) => unknown) {
    this.#text = text;
    this.#readNumber = readNumber;
    this.#advance();
  }

  value(): unknown {
    const token = this.#token;
    this.#advance();
    if (token === '{') return this.#object();
    if (token === '[') return this.#list();
    // Which refuses what is no value.
    return NUMBER.test(token) ? this.#readNumber(token) : JSON.parse(token);
  }

  /** Passes a token that has to be there. */
  take(expected: string): void {
    if (this.#token !== expected) this.#fail();
    if (expected !== '') this.#advance();
  }

  #object(): unknown {
    const members: [key: string, value: unknown][] = [];
    while (this.#token !== '}') {
      if (members.length > 0) this.take(',');
      if (!this.#token.startsWith('"')) this.#fail();
      const key = String(JSON.parse(this.#token));
      this.#advance();
      this.take(':');
      members.push([key, this.value()]);
    }
    this.#advance();
    return Object.fromEntries(members);
  }

  #list(): unknown[] {
    const values: unknown[] = [];
    while (this.#token !== ']') {
      if (values.length > 0) this.take(',');
      values.push(this.value());
    }
    this.#advance();
    return values;
  }

  #advance(): void {
    TOKEN.lastIndex = this.#at;
    const token = TOKEN.exec(this.#text)?.[1];
    if (token === undefined) this.#fail();
    this.#token = token;
    this.#at = TOKEN.lastIndex;
  }

  #fail(): never {
    throw new SyntaxError(`Unexpected character of JSON before position ${this.#at + 1}`);
  }
}
