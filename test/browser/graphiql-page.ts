import { existsSync } from 'node:fs';
import { chromium, type Page } from 'playwright-core';

/** Debian's Chromium; Playwright's own browsers are not downloaded here. */
export const CHROMIUM = '/usr/bin/chromium';
export const hasChromium = existsSync(CHROMIUM);

export interface GraphiqlPage extends AsyncDisposable {
  readonly page: Page;
  /** Addresses that the page asked for, other than those of its own server and of its own data. */
  readonly otherAddresses: readonly string[];
  /** What the console says is wrong: violations of the page's policy, errors of its scripts. */
  readonly complaints: readonly string[];
}

export interface OpenOptions {
  /** In pixels. */
  readonly width?: number;
  /** Entered where the page asks for one. */
  readonly token?: string;
}

/** Opens a page in a headless Chromium that can reach nothing but loopback. */
export async function openGraphiql(url: string, options: OpenOptions = {}): Promise<GraphiqlPage> {
  const { width = 1360, token } = options;
  await using starting = new AsyncDisposableStack();
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
  starting.defer(() => browser.close());
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  const otherAddresses: string[] = [];
  page.on('request', (request) => {
    if (!/^(?:data|blob):/.test(request.url()) && new URL(request.url()).origin !== new URL(url).origin) {
      otherAddresses.push(request.url());
    }
  });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  await page.goto(url, { waitUntil: 'load' });
  if (token !== undefined) await enterToken(page, token);
  await page.getByRole('button', { name: /^execute query/i }).waitFor();
  const parts = starting.move();
  return { page, otherAddresses, complaints, [Symbol.asyncDispose]: () => parts.disposeAsync() };
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
