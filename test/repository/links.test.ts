import { existsSync, readFileSync } from 'node:fs';
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
