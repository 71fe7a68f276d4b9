import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BLOCKS, ROOT } from './pages.ts';

/** The block of the Layout in docs/architecture.md, and the names in it that stand for something in `src`. */
const layout =
  BLOCKS.find(({ page, text }) => page === 'docs/architecture.md' && text.startsWith('src/\n'))?.text ?? '';
const [, ofSrc = ''] = /^src\/\n((?: .*\n)+)/.exec(layout) ?? [];
const named = [...ofSrc.matchAll(/ {2}([\w-]+(?:\/|\.ts))(?= {2})/g)].map(([, name]) => name);

it('The Layout in docs/architecture.md names the folders and files of src, and nothing else', () => {
  const entries = readdirSync(`${ROOT}src`, { withFileTypes: true });
  const there = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  expect(new Set(named)).toEqual(new Set(there));
});
