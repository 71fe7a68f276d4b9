import { HttpError } from '../routes/http-error.ts';
import { hasToken, isOpen, passesPassword } from '../routes/password.ts';
import { errorReply, jsonReply } from '../routes/reply.ts';
import type { ApiRequest } from '../routes/router.ts';
import { type CursorDialect, findList, inDialect } from './lists.ts';
import { findProject } from './projects.ts';
import { createRateLimit, type RetryAfter } from './rate-limit.ts';

/**
 * What the API is like. `self-hosted`: Letta 0.16.7. `cloud`: what is known of Letta Cloud. It wants credentials,
 * lets a list have at most 200 rows, or 1000 runs, has no internal list of runs, and shows one project at a time.
 */
export const PROFILES = ['self-hosted', 'cloud'] as const;

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
  readonly retryAfter?: RetryAfter | undefined;
  /** Required by every route but health and readiness. @default none; on the Cloud any bearer token */
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
  const isAdmitted = (request: ApiRequest): boolean =>
    password === undefined ? !isCloud || hasToken(request) : passesPassword(password, request);
  return (request) => {
    refuseByRate?.();
    if (isOpen(request)) return request;
    if (!isAdmitted(request)) throw new HttpError(errorReply(401, 'Unauthorized'));
    return forList(isCloud ? onCloud(request) : request, options);
  };
}

function onCloud(request: ApiRequest): ApiRequest {
  if (/^\/(?:v1|latest)\/_internal_runs\/?$/.test(request.path)) {
    throw new HttpError(errorReply(404, 'Not Found'));
  }
  const project = findProject(request);
  if (project === undefined) throw new HttpError(errorReply(404, 'Project not found'));
  return { ...request, headers: { ...request.headers, user_id: project.user.id } };
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
  const passed = wanted === undefined ? query : inDialect(list, wanted, query);
  return { ...request, query: passed.toString() };
}

/** The 422 of Letta Cloud, whose detail is JSON, unlike that of Letta 0.16.7. */
function overLimit(input: string, max: number): HttpError {
  const error = {
    type: 'less_than_equal',
    loc: ['query', 'limit'],
    msg: `Input should be less than or equal to ${max}`,
    input,
    ctx: { le: max },
  };
  return new HttpError(jsonReply(422, JSON.stringify({ detail: [error] })));
}
