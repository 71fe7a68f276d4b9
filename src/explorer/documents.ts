import * as documentsOfConversations from './browser/documents/conversations.ts';
import * as documentsOfRun from './browser/documents/run.ts';
import * as documentsOfRuns from './browser/documents/runs.ts';

/** The documents that the page sends. */
export const explorerDocuments: readonly string[] = Object.values({
  ...documentsOfRuns,
  ...documentsOfRun,
  ...documentsOfConversations,
}).flatMap((document) => (typeof document === 'object' ? [document.text] : []));
