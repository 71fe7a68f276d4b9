import type { Page } from 'playwright-core';
import { openPage } from './open-page.ts';

/** Opens GraphiQL, and waits until it can run operations. */
export async function openGraphiql(url: string) {
  await using starting = new AsyncDisposableStack();
  const opened = starting.use(await openPage(url));
  await opened.page.getByRole('button', { name: /^execute query/i }).waitFor();
  starting.move();
  return opened;
}

/** Completes the header that is begun in the tab that is open. */
export async function enterToken(page: Page, token: string): Promise<void> {
  await page.locator('.graphiql-editor-tool .view-line', { hasText: 'Bearer' }).click();
  await page.keyboard.press('Control+A');
  // The editor closes what is opened.
  await page.keyboard.type(`{"Authorization": "Bearer ${token}`);
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
