import type { RefusedParameter } from '../errors/upstream-error.ts';
import { isObject, parseInputJson } from '../json/parse-json.ts';

/** Letta's 400 for an unknown status. */
const BAD_STATUS = /^'(?<value>.*)' is not a valid RunStatus$/s;

/**
 * A token of a Python literal that JSON spells in another way; the comma is that of a one-element tuple. A string without its
 * end reaches to that of the text, so that no part of the text is read twice.
 */
const PYTHON_TOKEN =
  /'(?:[^'\\]|\\.)*(?:'|\\?$)|"(?:[^"\\]|\\.)*(?:"|\\?$)|(?:,\s*)?\)|\(|\b(?:None|True|False)\b/gs;
const JSON_TOKENS: Readonly<Record<string, string>> = {
  '(': '[',
  None: 'null',
  True: 'true',
  False: 'false',
};

/**
 * Reads which query parameters an answer with status 400 or 422 refuses. The list `detail` is JSON from FastAPI and Letta
 * Cloud, and a string with a Python literal from Letta's server.
 */
export function decodeRefusals(body: string): readonly RefusedParameter[] {
  const answer = parsed(body);
  const detail: unknown = isObject(answer) ? answer['detail'] : undefined;
  if (typeof detail !== 'string') return refusalsOf(detail);
  const value = BAD_STATUS.exec(detail)?.groups?.['value'];
  return value === undefined ? refusalsOf(parsed(jsonOf(detail))) : [{ name: 'statuses', value }];
}

/**
 * Whether an answer with status 404 is about the route rather than the object, of which Letta says more: FastAPI answers
 * `{"detail":"Not Found"}`, and many proxies with a page.
 */
export function lacksRoute(body: string): boolean {
  const answer = parsed(body);
  return !isObject(answer) || Object.values(answer).includes('Not Found');
}

function refusalsOf(problems: unknown): readonly RefusedParameter[] {
  return Array.isArray(problems) ? problems.flatMap(refusalOf) : [];
}

function refusalOf(problem: unknown): readonly RefusedParameter[] {
  if (!isObject(problem) || !Array.isArray(problem['loc'])) return [];
  const { loc, ctx, input } = problem;
  const [place, name]: readonly unknown[] = loc;
  if (place !== 'query' || typeof name !== 'string') return [];
  const { expected, le } = isObject(ctx) ? ctx : {};
  // A text such as `'asc' or 'desc'`.
  const quoted = String(expected).matchAll(/'([^']*)'/g);
  return [
    {
      name,
      ...(typeof input === 'string' && { value: input }),
      ...(typeof expected === 'string' && { allowed: Array.from(quoted, ([, allowed = '']) => allowed) }),
      ...(typeof le === 'number' && { max: le }),
    },
  ];
}

function parsed(text: string): unknown {
  try {
    return parseInputJson(text);
  } catch {
    return undefined;
  }
}

/** Converts a literal of Python, as far as refusals have it, to JSON. */
function jsonOf(literal: string): string {
  return literal.replace(PYTHON_TOKEN, (token) => {
    const quote = token[0];
    if (quote !== "'" && quote !== '"') return JSON_TOKENS[token] ?? ']';
    return JSON.stringify(token.slice(1, -1).replace(/\\(['"\\])/g, '$1'));
  });
}
