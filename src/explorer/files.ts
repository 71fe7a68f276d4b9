import { readdir, readFile } from 'node:fs/promises';
import nodeModule from 'node:module';
import path from 'node:path/posix';
import * as documentsOfRun from './browser/documents/run.ts';
import * as documentsOfRuns from './browser/documents/runs.ts';

/** The packages that the page imports. */
const PACKAGES = ['preact', 'preact/hooks', 'htm'];
/** Modules are TypeScript in a checkout, and compiled in the package. */
const MODULE = path.extname(import.meta.url);
const BROWSER = new URL('browser/', import.meta.url);
/** The first module. */
export const MAIN = `main${MODULE}`;
/** Where the text of a package is. */
const fileOf = (name: string): string => `lib/${name}.js`;

export interface ExplorerFiles {
  /** Modules and style sheets by their paths below a common folder. */
  readonly texts: ReadonlyMap<string, string>;
  /** The paths of packages, by their names in imports. */
  readonly packages: Readonly<Record<string, string>>;
  /** The page, in which the folder is called `files`. */
  readonly template: string;
}

/** Reads the page with the files that it loads. */
export async function readExplorerFiles(): Promise<ExplorerFiles> {
  const names = (await readdir(BROWSER, { recursive: true }))
    .toSorted()
    .filter((name) => name.endsWith('.css') || (name.endsWith(MODULE) && !name.endsWith('.d.ts')));
  const texts = [
    ...names.map(async (name) => [name, await readOwn(name)] as const),
    ...PACKAGES.map(async (name) => {
      const file = new URL(import.meta.resolve(name));
      return [fileOf(name), await readFile(file, 'utf8')] as const;
    }),
  ];
  return {
    texts: new Map(await Promise.all(texts)),
    packages: Object.fromEntries(PACKAGES.map((name) => [name, fileOf(name)])),
    template: await readOwn('explorer.html'),
  };
}

/** The documents that the page sends. */
export const explorerDocuments: readonly string[] = Object.values({
  ...documentsOfRuns,
  ...documentsOfRun,
}).flatMap((document) => (typeof document === 'string' ? [] : [document.text]));

async function readOwn(name: string): Promise<string> {
  const text = await readFile(new URL(name, BROWSER), 'utf8');
  // Not imported by name, which older versions of Node would complain of before the program can.
  return name.endsWith('.ts') ? nodeModule.stripTypeScriptTypes(text) : text;
}
