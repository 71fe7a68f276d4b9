import process from 'node:process';
import { ERROR_CODES } from '../../src/errors/error-codes.ts';
import type { HttpResponse } from './http-response.ts';

/** Texts that only the gateway's own machine should know. */
const PLACES = [
  new URL('../..', import.meta.url).pathname,
  process.execPath,
  '/node_modules/',
  'node:internal',
  'file:///',
];
const STACK_FRAME = /\bat (?:[\w.<>$ ]{1,100} \()?(?:node:|\/)[^\s"]{1,300}:\d+:\d+/;

/**
 * Everything that is wrong with an answer, whatever the question was.
 *
 * @param upstreamHost host and port of the upstream, which no answer may name
 */
export function problemsOf({ status, headers, body }: HttpResponse, upstreamHost: string): readonly string[] {
  const problems: string[] = [];
  if (status >= 500) problems.push(`status ${status}`);
  const type = headers.get('content-type') ?? '';
  const text = body.toString();
  const isPage = type.startsWith('text/html');
  if (text.includes(upstreamHost)) problems.push('names the upstream');
  // The page holds scripts of others with paths of their own.
  if (!isPage) {
    problems.push(...PLACES.filter((place) => text.includes(place)).map((place) => `leaks ${place}`));
    if (STACK_FRAME.test(text)) problems.push('leaks a stack trace');
  }
  if (/^application\/(?:[\w.-]+\+)?json/.test(type) && body.length > 0)
    problems.push(...problemsOfJson(text));
  return problems;
}

function problemsOfJson(text: string): readonly string[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return ['is no JSON, though it says so'];
  }
  return [json].flat().flatMap(problemsOfResult);
}

interface GraphqlError {
  readonly message?: unknown;
  readonly extensions?: {
    readonly code?: unknown;
    readonly requestId?: unknown;
    readonly retryable?: unknown;
  } | null;
}

function problemsOfResult(result: unknown): readonly string[] {
  if (typeof result !== 'object' || result === null || !('errors' in result)) return [];
  const { errors } = result;
  if (!Array.isArray(errors) || errors.length === 0) return ['has errors that are no list'];
  return errors.flatMap((error: GraphqlError | null) => [
    ...(typeof error?.message === 'string' && error.message !== '' ? [] : ['has an error without a message']),
    ...(Object.keys(ERROR_CODES).includes(String(error?.extensions?.code)) ? [] : ['has no documented code']),
    ...(typeof error?.extensions?.requestId === 'string' ? [] : ['has an error without a request id']),
    ...(typeof error?.extensions?.retryable === 'boolean' ? [] : ['does not say if it is retryable']),
    ...(error?.extensions?.code === 'INTERNAL_SERVER_ERROR' ? ['tells of a bug of the gateway'] : []),
  ]);
}
