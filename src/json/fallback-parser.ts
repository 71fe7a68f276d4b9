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
export function parseSlow(text: string, readNumber: (source: string) => unknown): unknown {
  let at = 0;
  let token = '';
  const fail = (): never => {
    throw new SyntaxError(`Unexpected character of JSON before position ${at + 1}`);
  };
  const advance = (): void => {
    TOKEN.lastIndex = at;
    token = TOKEN.exec(text)?.[1] ?? fail();
    at = TOKEN.lastIndex;
  };
  const isAt = (expected: string): boolean => token === expected;
  /** Consumes the expected token. */
  const take = (expected: string): void => {
    if (!isAt(expected)) fail();
    advance();
  };

  const readObject = (): unknown => {
    const members: [key: string, value: unknown][] = [];
    while (!isAt('}')) {
      if (members.length > 0) take(',');
      if (!token.startsWith('"')) fail();
      const key = String(JSON.parse(token));
      advance();
      take(':');
      members.push([key, readValue()]);
    }
    advance();
    return Object.fromEntries(members);
  };
  const readList = (): unknown[] => {
    const values: unknown[] = [];
    while (!isAt(']')) {
      if (values.length > 0) take(',');
      values.push(readValue());
    }
    advance();
    // The copy lacks the spare capacity that the list grew by.
    return values.slice();
  };
  const readValue = (): unknown => {
    const first = token;
    advance();
    if (first === '{') return readObject();
    if (first === '[') return readList();
    // Literals and strings; `JSON.parse` throws for any other token.
    return NUMBER.test(first) ? readNumber(first) : JSON.parse(first);
  };

  try {
    advance();
    const value = readValue();
    take('');
    return value;
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('JSON is nested too deeply', { cause: error });
    throw error;
  }
}
