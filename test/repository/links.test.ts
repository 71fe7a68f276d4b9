import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path/posix';
import { expect, it } from 'vitest';
import { PAGES, ROOT } from './pages.ts';

const ALERTS = 'deploy/prometheus/alerts.yaml';

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = text.replaceAll(/^```.*?^```$/gms, '').matchAll(/^#+ (.*)$/gm);
  const slug = (heading: string): string =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
  return new Set([...headings].map(([, heading = '']) => slug(heading)));
}

/** The links of a text whose page, file or heading does not exist. */
function broken(from: string, links: Iterable<string>): readonly string[] {
  return [...links].filter((link) => {
    const [target = '', anchor] = link.split('#');
    const file = target === '' ? from : path.join(path.dirname(from), target);
    if (!existsSync(ROOT + file)) return true;
    return anchor !== undefined && !anchorsOf(PAGES.get(file) ?? '').has(anchor);
  });
}

it.each([...PAGES])('Each link of %s leads somewhere', (page, text) => {
  const links = [...text.replaceAll(/^```.*?^```$/gms, '').matchAll(/\]\(([^)]+)\)/g)].map(
    ([, link = '']) => link,
  );
  expect(
    broken(
      page,
      links.filter((link) => !/^https?:/.test(link)),
    ),
  ).toEqual([]);
});

it('Each alert leads to a section about it', () => {
  const urls = readFileSync(ROOT + ALERTS, 'utf8').matchAll(/blob\/main\/(.*)$/gm);
  const links = [...urls].map(([, link = '']) => link);
  expect(links).not.toEqual([]);
  expect(broken('README.md', links)).toEqual([]);
});

it('docs/architecture.md lists every source file, and no other', () => {
  const items = (PAGES.get('docs/architecture.md') ?? '').match(/^- \*\*`.*/gm) ?? [];
  const listed = items.flatMap((item) =>
    item.split('**`').flatMap((part) => {
      const [folder = '', files = ''] = part.split('/`**');
      const prefix = /^(src|embedded-api)\b/.test(folder) ? folder : `src/${folder}`;
      return [...files.matchAll(/`([a-z][a-z-]*)`/g)].map(([, name]) => `${prefix}/${name}`);
    }),
  );
  const files = globSync('{src,embedded-api}/**/*.{ts,tsx}', { cwd: ROOT, exclude: ['**/__generated__/**'] });
  expect(listed.toSorted()).toEqual(files.map((file) => file.replace(/\.tsx?$/, '')).toSorted());
});
