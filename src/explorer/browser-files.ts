import { readdir, readFile } from 'node:fs/promises';
import nodeModule from 'node:module';
import path from 'node:path/posix';
import * as documentsOfConversations from './browser/documents/conversations.ts';
import * as documentsOfRun from './browser/documents/run.ts';
import * as documentsOfRuns from './browser/documents/runs.ts';

/** The paths of the packages that the page imports, by their names in imports. */
export const PACKAGES = new Map(['preact', 'preact/hooks', 'htm'].map((name) => [name, `lib/${name}.js`]));
/** Modules are TypeScript in a checkout, and compiled in the package. */
const MODULE = path.extname(import.meta.url);
const BROWSER = new URL('browser/', import.meta.url);
/** The path of the module that starts the page. */
export const MAIN = `main${MODULE}`;

/** Reads the HTML of the page, and the modules and style sheets that it loads, by their paths below a common folder. */
export async function readExplorerFiles() {
  const names = (await readdir(BROWSER, { recursive: true }))
    .toSorted()
    .filter((name) => name.endsWith('.css') || (name.endsWith(MODULE) && !name.endsWith('.d.ts')));
  const files = [
    ...names.map((name) => [name, new URL(name, BROWSER)] as const),
    ...[...PACKAGES].map(([name, file]) => [file, new URL(import.meta.resolve(name))] as const),
  ];
  const texts = await Promise.all(files.map(async ([name, file]) => [name, await readText(file)] as const));
  const template = await readText(new URL('explorer.html', BROWSER));
  return { texts: new Map(texts), template };
}

/** The documents that the page sends. */
export const explorerDocuments: readonly string[] = Object.values({
  ...documentsOfRuns,
  ...documentsOfRun,
  ...documentsOfConversations,
}).flatMap((document) => (typeof document === 'object' ? [document.text] : []));

async function readText(file: URL): Promise<string> {
  const text = await readFile(file, 'utf8');
  // Not imported by name: an older Node would fail on that before `check-node.ts` can explain it.
  return file.pathname.endsWith('.ts') ? nodeModule.stripTypeScriptTypes(text) : text;
}
