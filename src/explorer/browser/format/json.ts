const MAX_INDENT = 20;
const TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*"|"[^]*$|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * Puts each value of a JSON text on a line of its own. Nothing else of it changes: it need not be whole, and its
 * numbers may have any number of digits.
 */
export function indented(json: string): string {
  let depth = 0;
  let last = '';
  let result = '';
  for (const [token] of json.matchAll(TOKEN)) {
    const closes = token === '}' || token === ']';
    if (closes) depth -= 1;
    const isEmpty = closes && (last === '{' || last === '[');
    if (!isEmpty && (closes || ['{', '[', ','].includes(last))) {
      result += `\n${'  '.repeat(Math.max(0, Math.min(depth, MAX_INDENT)))}`;
    }
    result += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth += 1;
    last = token;
  }
  return result;
}

/** A value as JSON on one line. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // Deeper than the browser can follow.
    return 'This value is too deep to be shown here. See the raw JSON.';
  }
}
