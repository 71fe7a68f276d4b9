import process from 'node:process';
import { createGateway } from '../src/gateway.ts';
import { listen } from '../src/http/listen.ts';
import { openGraphiql, runOperation } from '../test/browser/graphiql-page.ts';

/** Makes the screenshot of the README: GraphiQL with the first example run over the sample runs. */
const file = new URL('../docs/graphiql.png', import.meta.url).pathname;
await using gateway = await createGateway();
await using listener = await listen(gateway, { host: '127.0.0.1', port: 0 });
await using graphiql = await openGraphiql(`${listener.url}/graphql`);
await runOperation(graphiql.page);
// The editors draw their colours a moment after their text.
await graphiql.page.waitForTimeout(1000);
await graphiql.page.screenshot({ path: file });
process.stdout.write(`${file}\n`);
