import type { Answering, UpstreamAnswer } from './scripted-upstream.ts';

/**
 * Answers by path without its query, percent-decoded: text as it is, an object with a `status` as an answer, anything
 * else as JSON. Other paths are 404.
 */
export function answersOf(answers: Readonly<Record<string, unknown>>): Answering {
  return ({ path }): UpstreamAnswer => {
    const found = answers[path];
    if (found === undefined) return { status: 404, body: { detail: 'secret words' } };
    return isWhole(found) ? found : { body: found };
  };
}

function isWhole(answer: unknown): answer is Exclude<UpstreamAnswer, Error> {
  return typeof answer === 'object' && answer !== null && 'status' in answer && 'body' in answer;
}
