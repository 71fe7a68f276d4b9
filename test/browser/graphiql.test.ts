import { beforeAll, describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/listen.ts';
import { CHROMIUM, hasChromium, openGraphiql, runOperation } from './graphiql-page.ts';

if (!hasChromium) console.warn(`Skipped: no browser at ${CHROMIUM}; "apt-get install chromium" brings it.`);

describe.skipIf(!hasChromium)('GraphiQL in a browser that reaches nothing but loopback', () => {
  let url: string;

  beforeAll(async () => {
    const parts = new AsyncDisposableStack();
    const gateway = parts.use(await createGateway());
    const listener = parts.use(await listen(gateway, { host: '127.0.0.1', port: 0 }));
    url = `${listener.url}/graphql`;
    return () => parts.disposeAsync();
  });

  it('runs each of its examples over the sample runs, and asks no other server for anything', async () => {
    await using graphiql = await openGraphiql(url);
    const { page } = graphiql;
    const answers: string[] = [];
    for (const name of ['NewestRuns', 'FailedRunsOfOneAgent', 'PagingBackward']) {
      await page.getByRole('tab', { name }).click();
      // GraphiQL takes half a second to notice that a tab has another operation.
      await page.waitForTimeout(1000);
      answers.push(await runOperation(page));
    }
    for (const answer of answers) {
      expect(answer).toContain('"id":"run-');
      expect(answer).not.toContain('"errors"');
    }
    await page.locator('.graphiql-response').getByText('hasPreviousPage').waitFor();
    expect(graphiql.otherAddresses).toEqual([]);
  }, 60_000);
});
