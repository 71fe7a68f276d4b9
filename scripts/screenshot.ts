import process from 'node:process';
import { createPageServer } from '../examples/live/main.ts';
import { createGateway } from '../src/gateway.ts';
import { listen } from '../src/server/listen.ts';
import { openGraphiql, runOperation } from '../test/judges/graphiql-page.ts';
import { openPage } from '../test/judges/open-page.ts';

/**
 * Takes the screenshots of the pages: GraphiQL with the result of its first example, the explorer with a failed run,
 * and examples/live.
 */
await using gateway = await createGateway({ live: true });
await using listener = await listen(gateway, { host: '127.0.0.1', port: 0 });
{
  const path = fileOf('graphiql');
  await using graphiql = await openGraphiql(`${listener.url}/graphql`);
  await runOperation(graphiql.page);
  // Syntax highlighting appears a moment after the text.
  await graphiql.page.waitForTimeout(1000);
  await graphiql.page.screenshot({ path });
}

for (const [name, width] of [
  ['explorer', 1280],
  ['explorer-phone', 390],
] as const) {
  await using opened = await openPage(`${listener.url}/`, { width });
  await opened.page.locator('.plot canvas').first().waitFor();
  // Some runs come and end meanwhile.
  await opened.page.waitForTimeout(15_000);
  await opened.page.screenshot({ path: fileOf(name) });
}

{
  const newest = '{ runs(first: 1, stopReason: INSUFFICIENT_CREDITS) { nodes { id } } }';
  const response = await fetch(`${listener.url}/graphql?query=${encodeURIComponent(newest)}`);
  const { data } = Object(await response.json());
  await using opened = await openPage(`${listener.url}/runs/${data.runs.nodes[0].id}`, { width: 1280 });
  await opened.page.locator('.messages li').first().waitFor();
  await opened.page.screenshot({ path: fileOf('explorer-run') });
}

await using pages = createPageServer(listener.url);
await new Promise<void>((resolve) => void pages.listen(0, '127.0.0.1', resolve));
const address = pages.address();
if (typeof address !== 'object' || address === null) throw new Error('The page is not served.');
{
  await using opened = await openPage(`http://127.0.0.1:${address.port}/`, { width: 1280 });
  // Some runs come and end meanwhile.
  await opened.page.waitForTimeout(15_000);
  await opened.page.screenshot({ path: fileOf('live') });
}
pages.closeAllConnections();

function fileOf(name: string): string {
  const file = new URL(`../docs/${name}.png`, import.meta.url).pathname;
  process.stdout.write(`${file}\n`);
  return file;
}
