import type { BrowserPage } from '../static/browser-page.ts';
import type { HttpAnswer } from './server/http-answer.ts';
import type { HttpRequest } from './server/http-request.ts';

/** Returns the answer of a page for browsers; undefined for a request that is not for this page. */
export async function answerByPage(page: BrowserPage, request: HttpRequest): Promise<HttpAnswer | undefined> {
  const { method, path, headers } = request;
  const answer = await page.answer({ method, path, header: (name) => headers[name]?.toString() });
  return answer && { ...answer, body: answer.body === null ? [] : [answer.body] };
}
