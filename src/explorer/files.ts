import { readdir, readFile } from 'node:fs/promises';
import nodeModule from 'node:module';
import path from 'node:path/posix';
import * as documentsOfRun from './browser/documents/run.ts';
import * as documentsOfRuns from './browser/documents/runs.ts';

/** The packages that the page imports, by the names of its import map. */
const LIBRARIES = {
  preact: 'preact',
  'preact/hooks': 'preact/hooks',
  htm: 'htm',
  uplot: 'uplot/dist/uPlot.esm.js',
};
/** Modules are TypeScript in a checkout, and compiled in the package. */
const MODULE = path.extname(import.meta.url);
const BROWSER = new URL('browser/', import.meta.url);
/** What the page imports when the rest of it is there. */
const LATER = /^(?:list\/(?:chart|plot)|lib\/uplot)\./;

export interface ExplorerFiles {
  /** By their paths below a common folder. */
  readonly texts: Readonly<Record<string, string>>;
  /** The paths of packages, by their names in imports. */
  readonly libraries: Readonly<Record<string, string>>;
  /** The first module, and all that the first view needs. */
  readonly main: string;
  readonly first: readonly string[];
  /** The page, in which the folder is called `files`. */
  readonly template: string;
}

/** Reads the page with the files that it loads. */
export async function readExplorerFiles(): Promise<ExplorerFiles> {
  const libraries = Object.fromEntries(Object.keys(LIBRARIES).map((name) => [name, `lib/${name}.js`]));
  const own = (await readdir(BROWSER, { recursive: true })).filter(
    (name) => name.endsWith('.css') || (name.endsWith(MODULE) && !name.endsWith('.d.ts')),
  );
  const texts = Object.fromEntries([
    ...(await Promise.all(own.map(async (name) => [name, await readOwn(name)] as const))),
    ...(await Promise.all(
      Object.entries(LIBRARIES).map(
        async ([name, module]) => [libraries[name] ?? name, await readPackage(module)] as const,
      ),
    )),
    ['styles/uplot.css', await readPackage('uplot/dist/uPlot.min.css')],
  ]);
  const modules = Object.keys(texts).filter((name) => !name.endsWith('.css'));
  return {
    texts,
    libraries,
    main: `main${MODULE}`,
    first: modules.filter((name) => !LATER.test(name)),
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

function readPackage(specifier: string): Promise<string> {
  return readFile(new URL(import.meta.resolve(specifier)), 'utf8');
}
