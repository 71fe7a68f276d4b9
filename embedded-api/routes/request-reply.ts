import type { IncomingHttpHeaders } from 'node:http';
import type { Actor } from '../store/actors.ts';
import type { RunStore } from '../store/run-store.ts';

export interface ApiRequest {
  readonly method: string;
  /** Percent-decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Empty but for a POST. */
  readonly body: string;
}

/** A request on its way to its route. */
export interface Call extends ApiRequest {
  readonly store: RunStore;
  /** The user whose rows are shown. */
  readonly actor: Actor;
  /** The segment of the path that names an object; empty if there is none. */
  readonly id: string;
  readonly now: Date;
}

/** The response of a route. */
export interface Reply {
  readonly status: number;
  /** Headers besides the type and length of the body. */
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/** Thrown to answer a request with an error reply. */
export class HttpError extends Error {
  override readonly name = 'HttpError' as const;
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`answered with ${reply.status}`);
    this.reply = reply;
  }
}

/** Returns a failure with `{"detail": ...}`, the format of nearly every error in Letta 0.16.7. */
export function failure(status: number, detail: string, headers: Reply['headers'] = {}): HttpError {
  return new HttpError({ status, headers, body: JSON.stringify({ detail }) });
}

/** Letta's answer whenever PostgreSQL refuses a statement. */
export function databaseError(): HttpError {
  return failure(500, 'A database error occurred.');
}

/** A problem of a part of a request, in Pydantic's terms. */
export interface Problem {
  readonly type: string;
  /** The part of the request, then names. */
  readonly loc: readonly string[];
  readonly msg: string;
  readonly input: string;
  /** The bound that a number exceeds. */
  readonly ctx?: Readonly<Record<string, number>>;
}

const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;

/** Returns a 422 whose detail is a text that looks like Python. @param examples valid ids, where one is malformed */
export function invalid(problems: readonly Problem[], examples?: readonly string[]): HttpError {
  const dicts = problems.map(({ type, loc, msg, input, ctx = {} }) => {
    const bounds = Object.entries(ctx).map(([name, value]) => `, 'ctx': {'${name}': ${value}}`);
    const where = loc.map(quoted).join(', ');
    return `{'type': '${type}', 'loc': (${where}), 'msg': ${quoted(msg)}, 'input': ${quoted(input)}${bounds.join('')}}`;
  });
  const detail = `[${dicts.join(', ')}]`;
  return new HttpError({ status: 422, body: JSON.stringify({ trace_id: '', detail, examples }) });
}

/** The 404 for a missing row and for one of another organization, with the actor whom Letta shows there. */
export function notFound(model: string, { id, actor }: Call): HttpError {
  const scope = `access level in ['read'] for actor='id='${actor.id}' organization_id='${actor.organizationId}''`;
  return failure(404, `${model} not found with id='['${id}']', ${scope}`);
}
