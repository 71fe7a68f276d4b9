import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startListening } from '../support/listening-gateway.ts';
import { openGraphiql, runOperation } from './graphiql-page.ts';
import { lacksChromium } from './open-page.ts';

const MANIFEST = new URL('../../examples/relay/__generated__/persisted-documents.json', import.meta.url);

it.skipIf(lacksChromium)('GraphiQL of a locked gateway says why it can not run queries', async () => {
  await using listening = await startListening({
    persistedDocuments: fileURLToPath(MANIFEST),
    trustedDocumentsOnly: true,
  });
  await using opened = await openGraphiql(`${listening.url}/graphql`);
  const { page } = opened;
  // The answer to its introspection.
  await page.getByText('DOCUMENT_NOT_TRUSTED').waitFor();
  expect(await runOperation(page)).toContain('only trusted documents');
});
