import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A fenced block of a page. */
interface Block {
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

/** Every page of the repository, by its path from the root. */
export const PAGES: ReadonlyMap<string, string> = new Map(
  ['*.md', 'docs/*.md', 'bench/*.md', 'examples/*/*.md']
    .flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
    .toSorted()
    .map((page) => [page, readFileSync(`${ROOT}${page}`, 'utf8')]),
);

const FENCE = /^```(\w*)\n(.*?)^```$/gms;

export const BLOCKS: readonly Block[] = [...PAGES].flatMap(([page, text]) =>
  [...text.matchAll(FENCE)].map(([, language = '', block = '']) => ({ page, language, text: block })),
);

/** The commands of all `sh` blocks, each once, without their comments. */
export const COMMANDS: ReadonlySet<string> = new Set(
  BLOCKS.filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.split(/\n|&&/))
    .map((line) => line.replace(/(?:^|\s+)#.*/, '').trim())
    .filter((command) => command !== ''),
);
