import type { ProfileOptions } from '../options.ts';
import { type Actor, DEFAULT_ACTOR, PROJECTS, SECOND_ACTOR } from '../store/actors.ts';
import { type ApiRequest, failure } from './request-reply.ts';

/**
 * Returns a function that limits rates, checks credentials, and finds the user whose rows a request may see.
 * @throws HttpError for a request that the profile refuses
 */
export function createAccess(
  options: ProfileOptions & { readonly now: () => Date },
): (request: ApiRequest) => Actor {
  const { profile, password, rateLimit, now } = options;
  const isBeyond = rateLimit === undefined ? () => false : createRateLimiter(rateLimit, now);
  const isCloud = profile === 'cloud';
  const isAdmitted = ({ headers: { authorization = '' } }: ApiRequest): boolean =>
    password === undefined
      ? !isCloud || /^Bearer ./.test(authorization)
      : authorization === `Bearer ${password}`;
  return (request) => {
    if (isBeyond()) throw failure(429, 'Too Many Requests', { 'retry-after': '1' });
    if (request.path === '/v1/health/') return DEFAULT_ACTOR;
    if (!isAdmitted(request)) throw failure(401, 'Unauthorized');
    return isCloud ? actorOnCloud(request) : actorOnServer(request);
  };
}

/** An unknown user is silently the default one, as in Letta 0.16.7. */
function actorOnServer({ headers }: ApiRequest): Actor {
  return headers['user_id'] === SECOND_ACTOR.id ? SECOND_ACTOR : DEFAULT_ACTOR;
}

/** Both headers name the project; without them it is the first. How Letta Cloud treats both together isn't known. */
function actorOnCloud({ path, headers }: ApiRequest): Actor {
  if (path === '/v1/_internal_runs/') throw failure(404, 'Not Found');
  const wanted = { name: headers['x-project'], id: headers['x-project-id'] };
  const project = PROJECTS.find(({ name, id }) => (wanted.name ?? name) === name && (wanted.id ?? id) === id);
  if (project === undefined) throw failure(404, 'Project not found');
  return project.user;
}

/**
 * Returns a function that is called for each request, and says whether it is beyond the limit.
 * @param rateLimit requests per second, such as `50`, or how many of a hundred are refused, such as `10%`
 */
function createRateLimiter(rateLimit: string, now: () => Date): () => boolean {
  const limit = Number.parseInt(rateLimit, 10);
  let [owed, second, count] = [0, 0, 0];
  // Spreads the refused requests evenly, so that the first request passes.
  const isAmongRefused = (): boolean => {
    owed = (owed % 100) + limit;
    return owed >= 100;
  };
  const isBeyondRate = (): boolean => {
    const current = Math.floor(now().getTime() / 1000);
    count = current === second ? count + 1 : 1;
    second = current;
    return count > limit;
  };
  return rateLimit.endsWith('%') ? isAmongRefused : isBeyondRate;
}
