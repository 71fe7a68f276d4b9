import { expect, it } from 'vitest';
import { markdownTable } from '../../scripts/docs/markdown-table.ts';
import { replaceMarked } from '../../scripts/docs/marked-section.ts';

it('A table is aligned, and a pipe in a cell stays in its cell', () => {
  expect(
    markdownTable(
      ['a', 'long head'],
      [
        ['x|y', '1'],
        ['', 'z'],
      ],
    ),
  ).toBe(
    ['| a    | long head |', '| ---- | --------- |', '| x\\|y | 1         |', '|      | z         |'].join(
      '\n',
    ),
  );
});

it('What stands between the markers is replaced, and nothing else', () => {
  const page = 'before\n<!-- t --><!-- /t -->\nafter';
  const filled = 'before\n<!-- t -->\n\nnew $& text\n\n<!-- /t -->\nafter';
  expect(replaceMarked(page, 't', 'new $& text')).toBe(filled);
  expect(replaceMarked(filled, 't', 'new $& text')).toBe(filled);
});

it.each([
  ['no marker', 'text'],
  ['a start alone', '<!-- t -->'],
  ['the end first', '<!-- /t --><!-- t -->'],
  ['two starts', '<!-- t --><!-- t --><!-- /t -->'],
  ['two ends', '<!-- t --><!-- /t --><!-- /t -->'],
])('A page with %s is refused', (_name, page) => {
  expect(() => replaceMarked(page, 't', 'new')).toThrow(
    'expected the markers <!-- t --> and <!-- /t --> once each',
  );
});
