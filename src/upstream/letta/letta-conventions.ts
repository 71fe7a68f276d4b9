import type { RefusedParameter } from '../../errors/upstream-error.ts';
import { isObject, parseInputJson } from '../../json/parse-json.ts';
import type { ApiConventions } from '../http/status-error.ts';

/** The 400 for an unknown status. */
const BAD_STATUS = /^'.*' is not a valid RunStatus$/s;
/** The start of a list of problems as Python prints it, up to the client's text, which could imitate the rest. */
const FIRST_PROBLEM =
  /^\[\{'type': '\w+', 'loc': \('query', '(?<name>\w+)'(?:.{0,9}\), 'msg': '[^']*', 'input': '\d+', 'ctx': \{'le': (?<max>\d+)\})?/;

/** The ways in which Letta's servers and Letta Cloud differ from other APIs. */
export const LETTA: ApiConventions = {
  // Uvicorn closes a connection that was idle for five seconds.
  keepAliveMs: 4_000,
  refusedParameters,
  lacksRoute,
};

/**
 * Reads which query parameters a response with status 400 or 422 refuses. The list `detail` is JSON from FastAPI and Letta
 * Cloud, and a string from Letta's server, of which only the first problem is read.
 */
function refusedParameters(body: string): readonly RefusedParameter[] {
  const response = parsed(body);
  const detail: unknown = isObject(response) ? response['detail'] : undefined;
  if (Array.isArray(detail)) return detail.flatMap(refusalOf);
  if (typeof detail !== 'string') return [];
  if (BAD_STATUS.test(detail)) return [{ name: 'statuses' }];
  const { name, max } = FIRST_PROBLEM.exec(detail)?.groups ?? {};
  return name === undefined ? [] : [{ name, ...(max !== undefined && { max: Number(max) }) }];
}

/** Whether a 404 is about the route: FastAPI sends `{"detail":"Not Found"}`, proxies mostly a page, Letta more text. */
function lacksRoute(body: string): boolean {
  const response = parsed(body);
  return !isObject(response) || Object.values(response).includes('Not Found');
}

function refusalOf(problem: unknown): readonly RefusedParameter[] {
  if (!isObject(problem) || !Array.isArray(problem['loc'])) return [];
  const [place, name]: readonly unknown[] = problem['loc'];
  if (place !== 'query' || typeof name !== 'string') return [];
  const { le: max } = isObject(problem['ctx']) ? problem['ctx'] : {};
  return [{ name, ...(typeof max === 'number' && { max }) }];
}

function parsed(text: string): unknown {
  try {
    return parseInputJson(text);
  } catch {
    return undefined;
  }
}
