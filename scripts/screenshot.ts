import { fileURLToPath } from 'node:url';
import { createGateway } from '../src/gateway.ts';
import { listen } from '../src/http/listen.ts';
import { openGraphiql, runOperation } from '../test/judges/graphiql-page.ts';
import { openPage } from '../test/judges/open-page.ts';

/** Takes the pictures in the docs: GraphiQL with the result of its first example, the explorer, and a failed run in it. */
const fileOf = (name: string): string => fileURLToPath(new URL(`../docs/${name}.png`, import.meta.url));

await using gateway = await createGateway({ live: true });
await using listener = await listen(gateway, { host: '127.0.0.1', port: 0 });
const query = '{ runs(first: 1, stopReason: INSUFFICIENT_CREDITS) { nodes { id } } }';
const response = await fetch(`${listener.url}/graphql?query=${encodeURIComponent(query)}`);
const { data } = Object(await response.json());

{
  await using graphiql = await openGraphiql(`${listener.url}/graphql`);
  await runOperation(graphiql.page);
  // Syntax highlighting appears a moment after the text.
  await graphiql.page.waitForTimeout(1000);
  await graphiql.page.screenshot({ path: fileOf('graphiql') });
}
{
  await using opened = await openPage(`${listener.url}/runs/${data.runs.nodes[0].id}`, { width: 1280 });
  await opened.page.locator('.messages li').first().waitFor();
  await opened.page.screenshot({ path: fileOf('explorer-run') });
}
{
  await using opened = await openPage(`${listener.url}/`, { width: 1280 });
  await opened.page.locator('.plot .bars').first().waitFor();
  // Some runs come and end meanwhile.
  await opened.page.waitForTimeout(15_000);
  await opened.page.screenshot({ path: fileOf('explorer') });
}
