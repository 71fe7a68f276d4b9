import process from 'node:process';
import { createGateway } from '../src/gateway.ts';
import { listen } from '../src/http/listen.ts';
import { openGraphiql, runOperation } from '../test/browser/graphiql-page.ts';

/** Takes the screenshot for the README: GraphiQL with the result of the first example query. */
const file = new URL('../docs/graphiql.png', import.meta.url).pathname;
await using gateway = await createGateway();
await using listener = await listen(gateway, { host: '127.0.0.1', port: 0 });
await using graphiql = await openGraphiql(`${listener.url}/graphql`);
await runOperation(graphiql.page);
// Syntax highlighting appears a moment after the text.
await graphiql.page.waitForTimeout(1000);
await graphiql.page.screenshot({ path: file });
process.stdout.write(`${file}\n`);
