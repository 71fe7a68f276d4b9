import { DEFAULT_ACTOR, SECOND_ACTOR } from '../model/actors.ts';
import type { PROFILES, RETRY_AFTER } from '../options.ts';
import { type ApiRequest, errorReply, HttpError } from '../routes/reply.ts';
import { type CursorDialect, findList, inDialect } from './lists.ts';
import { createRateLimit } from './rate-limit.ts';

export interface ProfileOptions {
  /** @default 'self-hosted' */
  readonly profile?: (typeof PROFILES)[number] | undefined;
  /** Of lists of runs. @default 'reversed' */
  readonly dialect?: CursorDialect | undefined;
  /** Of steps, messages and agents. @default as in Letta 0.16.7; on the Cloud the dialect of runs */
  readonly detailsDialect?: CursorDialect | undefined;
  /** The largest limit that any list takes. @default the profile's */
  readonly maxLimit?: number | undefined;
  /** Requests per second, such as `50`, or the share that is refused, such as `10%`. @default none */
  readonly rateLimit?: string | undefined;
  /** @default 'seconds' */
  readonly retryAfter?: (typeof RETRY_AFTER)[number] | undefined;
  /** Required by every route but health. @default none; on the Cloud any bearer token */
  readonly password?: string | undefined;
}

/**
 * Creates what stands in front of the routes, which are those of Letta 0.16.7: it makes a request for them from one
 * that fits the profile.
 * @throws HttpError, in turn, for what the profile refuses
 */
export function createFront(
  options: ProfileOptions & { readonly now: () => Date },
): (request: ApiRequest) => ApiRequest {
  const { profile = 'self-hosted', password, rateLimit, retryAfter = 'seconds', now } = options;
  const isCloud = profile === 'cloud';
  const refuseByRate = rateLimit === undefined ? undefined : createRateLimit({ rateLimit, retryAfter, now });
  const isAdmitted = ({ headers: { authorization = '' } }: ApiRequest): boolean =>
    password === undefined
      ? !isCloud || /^Bearer ./.test(authorization)
      : authorization === `Bearer ${password}`;
  return (request) => {
    refuseByRate?.();
    if (request.path === '/v1/health/') return request;
    if (!isAdmitted(request)) throw new HttpError(errorReply(401, 'Unauthorized'));
    return forList(isCloud ? onCloud(request) : onServer(request), options);
  };
}

/** An unknown user is silently the default one, as in Letta 0.16.7. */
function onServer(request: ApiRequest): ApiRequest {
  return { ...request, actor: request.headers['user_id'] === SECOND_ACTOR.id ? SECOND_ACTOR : DEFAULT_ACTOR };
}

function onCloud(request: ApiRequest): ApiRequest {
  if (request.path === '/v1/_internal_runs/') throw new HttpError(errorReply(404, 'Not Found'));
  const project = findProject(request);
  if (project === undefined) throw new HttpError(errorReply(404, 'Project not found'));
  return { ...request, actor: project.user };
}

/** Applies the limits and dialects of lists. */
function forList(
  request: ApiRequest,
  { profile, dialect = 'reversed', detailsDialect, maxLimit = Infinity }: ProfileOptions,
): ApiRequest {
  const list = findList(request);
  if (list === undefined) return request;
  const isCloud = profile === 'cloud';
  const query = new URLSearchParams(request.query);
  const max = Math.min(maxLimit, isCloud ? list.maxLimitOnCloud : Infinity);
  const limit = query.getAll('limit').at(-1);
  if (limit === undefined && list.defaultLimit > max) query.set('limit', String(max));
  if (limit !== undefined && Number(limit) > max) throw overLimit(limit, max);
  const wanted = list.isOfRuns ? dialect : (detailsDialect ?? (isCloud ? dialect : undefined));
  return { ...request, query: wanted === undefined ? query : inDialect(list, wanted, query) };
}

/** The 422 of Letta Cloud, whose detail is JSON, unlike that of Letta 0.16.7. */
function overLimit(input: string, max: number): HttpError {
  const msg = `Input should be less than or equal to ${max}`;
  const error = { type: 'less_than_equal', loc: ['query', 'limit'], msg, input, ctx: { le: max } };
  return new HttpError({ status: 422, body: JSON.stringify({ detail: [error] }) });
}

/** Each project has the runs, agents, steps and messages of one organization. */
export const PROJECTS = [
  { name: 'default-project', id: 'proj-00000000-0000-4000-8000-000000000000', user: DEFAULT_ACTOR },
  { name: 'second-project', id: 'proj-00000000-0000-4000-8000-000000000001', user: SECOND_ACTOR },
];

/**
 * Returns the project that both headers name, the first one without them, or undefined for an unknown one. What
 * Letta Cloud makes of these headers isn't known.
 */
function findProject({ headers }: ApiRequest): (typeof PROJECTS)[number] | undefined {
  const wanted = { name: headers['x-project'], id: headers['x-project-id'] };
  return PROJECTS.find(({ name, id }) => (wanted.name ?? name) === name && (wanted.id ?? id) === id);
}
