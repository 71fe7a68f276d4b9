import process from 'node:process';
import AxeBuilder from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { findProgram, lacksProgram } from '../support/lacks.ts';

export const lacksChromium = lacksProgram('chromium');

export interface PageOptions {
  /** In pixels. */
  readonly width?: number | undefined;
  readonly colorScheme?: 'light' | 'dark' | undefined;
}

/** Scripts take pictures by the same pages. They have no end at which a common browser could be closed. */
const isTest = process.env['VITEST'] !== undefined;
/** One for all tests of a file. */
let shared: Promise<Browser> | undefined;
if (isTest) afterAll(async () => (await shared)?.close());

const launch = (): Promise<Browser> =>
  chromium.launch({
    // Debian's; Playwright's own browsers are not downloaded here.
    executablePath: findProgram('chromium') ?? 'chromium',
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

/** Opens a page in a headless Chromium that can reach nothing but loopback. It shares nothing with other pages. */
export async function openPage(url: string, options: PageOptions = {}) {
  const { width = 1360, colorScheme = 'light' } = options;
  await using starting = new AsyncDisposableStack();
  const browser = await (isTest ? (shared ??= launch()) : launch());
  if (!isTest) starting.defer(() => browser.close());
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
  starting.defer(() => context.close());
  const page = await context.newPage();
  /** Addresses that the page asked for, other than those of its own server and of its own data. */
  const otherAddresses: string[] = [];
  page.on('request', (request) => {
    if (!/^(?:data|blob):/.test(request.url()) && new URL(request.url()).origin !== new URL(url).origin) {
      otherAddresses.push(request.url());
    }
  });
  /** What the console says is wrong: violations of the page's policy, errors of its scripts. */
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  await page.goto(url, { waitUntil: 'load' });
  const parts = starting.move();
  return { page, otherAddresses, complaints, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core finds wrong in a page, each with the elements. */
export async function violationsIn(page: Page): Promise<readonly string[]> {
  // The page's own policy takes no scripts of others; those of the browser's protocol are not asked.
  await page.evaluate(AxeBuilder.source);
  const { violations } = await page.evaluate(
    // oxlint-disable-next-line typescript/no-explicit-any -- Defined by the line above, in the page.
    () => (globalThis as any).axe.run() as Promise<{ violations: readonly Violation[] }>,
  );
  return violations.map(({ id, help, nodes }) => {
    const elements = nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`);
    return `${id}: ${help}: ${elements.join('\n')}`;
  });
}
