import type { Page } from 'playwright-core';
import { type OpenPage, openPage, type PageOptions } from './open-page.ts';

export interface OpenOptions extends PageOptions {
  /** Entered where the page asks for one. */
  readonly token?: string;
}

/** Opens GraphiQL, and waits until it can run operations. */
export async function openGraphiql(url: string, options: OpenOptions = {}): Promise<OpenPage> {
  const { token } = options;
  await using starting = new AsyncDisposableStack();
  const opened = starting.use(await openPage(url, options));
  const { page } = opened;
  if (token !== undefined) await enterToken(page, token);
  await page.getByRole('button', { name: /^execute query/i }).waitFor();
  starting.move();
  return opened;
}

export async function enterToken(page: Page, token: string): Promise<void> {
  await page.getByLabel('access token').fill(token);
  await page.keyboard.press('Enter');
}

/** Runs the operation of the tab that is open, and returns the answer's text. */
export async function runOperation(page: Page): Promise<string> {
  await page.locator('.graphiql-query-editor .view-line').nth(3).waitFor();
  const answered = page.waitForResponse((response) => {
    const asked = response.request().postData() ?? '';
    return asked !== '' && !asked.includes('IntrospectionQuery');
  });
  await page.getByRole('button', { name: /^execute query/i }).click();
  const text = await (await answered).text();
  await page.locator('.graphiql-response .view-line').nth(3).waitFor();
  return text;
}
