import { cancelRun, type Told } from '../cancel/cancel-run.ts';
import { ACTIVE_STATUSES } from '../model/enum-values.ts';
import type { RunStore } from '../store/store.ts';
import type { PythonValue } from '../wire/python-json.ts';
import { requestActor } from './actor.ts';
import { HttpError } from './http-error.ts';
import { type Input, problemOf, type RequestProblem } from './parameter-error.ts';
import { pathProblems } from './path-parameters.ts';
import { validationReply } from './query-parameters.ts';
import { errorReply, jsonReply, type Reply } from './reply.ts';
import { readBody } from './request-body.ts';
import type { ApiRequest, AwaitingBody } from './router.ts';

/** How many runs are cancelled where the request names none: the newest. */
const MAX_UNNAMED = 100;

/**
 * `POST /v1/agents/{agent_id}/messages/cancel`. Runs that are named may be of any agent of the organization, and the
 * agent in the path need not exist.
 * @param now the clock by which runs end
 */
export function cancelRuns(
  store: RunStore,
  now: () => Date,
  request: ApiRequest,
  agentId: string,
): AwaitingBody {
  const answer = (bytes: Uint8Array): Reply => {
    // In Letta's order: what isn't JSON is refused before the headers are read.
    const body = readBody(request, bytes);
    const { organizationId } = requestActor(request);
    const named = requireRunIds(agentId, body);
    const ids = named.length > 0 ? named : activeRuns(store, agentId, organizationId);
    if (ids.length === 0) {
      return errorReply(409, `CONFLICT: No active runs to cancel for agent ${agentId}`);
    }
    const told = new Map<string, Told>();
    for (const id of ids) {
      const run = store.retrieve(id, organizationId);
      told.set(id, run === undefined ? 'failed' : cancelRun(store, run, now()));
    }
    return jsonReply(200, resultsOf(told));
  };
  return { answer };
}

function activeRuns(store: RunStore, agentId: string, organizationId: string): string[] {
  const filters = { agent_id: [agentId], status: ACTIVE_STATUSES };
  const runs = store.list({ organizationId, filters, ascending: false, limit: MAX_UNNAMED });
  return runs.map(({ id }) => id);
}

/** Returns the ids in a body; none in one without. @throws HttpError (422) with all that is wrong with path and body */
function requireRunIds(agentId: string, body: Input): readonly string[] {
  const { problems: inPath, examples } = pathProblems({ agent_id: agentId });
  const { ids, problems } = readRunIds(body);
  const all = [...inPath.map(problemOf), ...problems];
  if (all.length > 0) throw new HttpError(validationReply(all, examples));
  return ids;
}

function readRunIds(body: Input): { ids: readonly string[]; problems: readonly RequestProblem[] } {
  if (body === null) return { ids: [], problems: [] };
  if (!(body instanceof Map)) {
    const msg = 'Input should be a valid dictionary or object to extract fields from';
    return { ids: [], problems: [{ type: 'model_attributes_type', loc: ['body'], msg, input: body }] };
  }
  const input: PythonValue = body.get('run_ids') ?? null;
  if (input === null) return { ids: [], problems: [] };
  if (!Array.isArray(input)) {
    const msg = 'Input should be a valid list';
    return { ids: [], problems: [{ type: 'list_type', loc: ['body', 'run_ids'], msg, input }] };
  }
  const ids = input.filter((id: PythonValue) => typeof id === 'string');
  const problems = input.flatMap((id: PythonValue, at): RequestProblem[] => {
    if (typeof id === 'string') return [];
    const msg = 'Input should be a valid string';
    return [{ type: 'string_type', loc: ['body', 'run_ids', at], msg, input: id }];
  });
  return { ids, problems };
}

/** Writes the results as an object in the order of the ids. @throws HttpError (400) for an id that can't be sent */
function resultsOf(told: ReadonlyMap<string, Told>): string {
  const entries = Array.from(told, ([id, result]) => {
    const lone = Array.from(id).findIndex((character) => !character.isWellFormed());
    if (lone >= 0) throw new HttpError(errorReply(400, surrogateProblem(id, lone)));
    return `${JSON.stringify(id)}:"${result}"`;
  });
  return `{${entries.join(',')}}`;
}

function surrogateProblem(id: string, at: number): string {
  const code = Array.from(id)[at]?.charCodeAt(0).toString(16);
  return `'utf-8' codec can't encode character '\\u${code}' in position ${at}: surrogates not allowed`;
}
