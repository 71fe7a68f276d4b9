import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path/posix';

/** The packages that the scripts import, and the module of each. */
const LIBRARIES: ReadonlyMap<string, string> = new Map([
  ['preact', 'preact'],
  ['preact/hooks', 'preact/hooks'],
  ['htm', 'htm'],
  ['uplot', 'uplot/dist/uPlot.esm.js'],
]);
const IMPORT = /\b(from|import)(\s*\(?)(["'])([\w./-]+)\3/g;
const STYLE_SHEET = /files\/([\w/]+\.css)/g;

export interface ExplorerFiles {
  /** By their paths below a common folder. */
  readonly texts: Readonly<Record<string, string>>;
  /** The modules that the first view needs. */
  readonly first: readonly string[];
  /** The page, in which the folder is called `files`. */
  readonly template: string;
}

/** Reads the files that the explorer's page names, and those that they import. */
export async function readExplorerFiles(): Promise<ExplorerFiles> {
  const template = await readOwn('explorer.html');
  const texts: Record<string, string> = {};
  const later = await addModules('main.js', texts);
  const first = Object.keys(texts);
  for (const module of later) await addModules(module, texts);
  for (const [, file = ''] of template.matchAll(STYLE_SHEET)) {
    texts[file] = await (file === 'uplot.css' ? readPackage('uplot/dist/uPlot.min.css') : readOwn(file));
  }
  return { texts: { ...texts, 'token.js': await readOwn('token.js') }, first, template };
}

/** Adds a module with all that it imports. Returns the modules that these import later. */
async function addModules(entry: string, texts: Record<string, string>): Promise<readonly string[]> {
  const later: string[] = [];
  const pending = [entry];
  for (const file of pending) {
    if (texts[file] !== undefined) continue;
    const folder = path.dirname(file);
    texts[file] = (await readModule(file)).replace(
      IMPORT,
      (found, word: string, space: string, quote, name: string) => {
        if (!LIBRARIES.has(name) && !name.startsWith('.')) return found;
        // Browsers know no packages: their names become paths.
        const imported = LIBRARIES.has(name) ? `lib/${name}.js` : path.join(folder, name);
        (space.includes('(') ? later : pending).push(imported);
        const relative = path.relative(folder, imported);
        return `${word}${space}${quote}${relative.startsWith('.') ? relative : `./${relative}`}${quote}`;
      },
    );
  }
  return later;
}

async function readModule(file: string): Promise<string> {
  const library = LIBRARIES.get(file.replace(/^lib\/|\.js$/g, ''));
  if (library !== undefined) return readPackage(library);
  if (file === 'documents.js') return `export default ${JSON.stringify(await readExplorerDocuments())};`;
  return readOwn(file);
}

/** Returns the documents that the explorer sends, by name. */
export async function readExplorerDocuments(): Promise<Readonly<Record<string, string>>> {
  const folder = new URL('documents/', import.meta.url);
  const texts = (await readdir(folder))
    .toSorted()
    .map(async (file) => [path.parse(file).name, await readFile(new URL(file, folder), 'utf8')]);
  return Object.fromEntries(await Promise.all(texts));
}

function readOwn(name: string): Promise<string> {
  return readFile(new URL(`browser/${name}`, import.meta.url), 'utf8');
}

function readPackage(specifier: string): Promise<string> {
  return readFile(new URL(import.meta.resolve(specifier)), 'utf8');
}
