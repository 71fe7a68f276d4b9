import { existsSync } from 'node:fs';
import path from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { PAGES, proseOf, ROOT } from './pages.ts';

const LINK = /\]\(([^)\s]+)\)/g;
const CODE = /`([^`\n]+)`/g;

/** The anchors that GitHub makes of a page's headings. */
function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of proseOf(page).matchAll(/^#+ (.+)$/gm)) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = text.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-');
    let unique = anchor;
    for (let repeated = 1; anchors.has(unique); repeated++) unique = `${anchor}-${repeated}`;
    anchors.add(unique);
  }
  return anchors;
}

describe.each([...PAGES.keys()])('%s', (page) => {
  const prose = proseOf(page);

  it('links to files and headings that there are', () => {
    const broken = [...prose.matchAll(LINK)]
      .map(([, target = '']) => target)
      .filter((target) => !/^https?:/.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#');
        const linked = file === '' ? page : path.join(path.dirname(page), file);
        if (!existsSync(`${ROOT}${linked}`)) return true;
        return anchor !== undefined && !anchorsOf(linked).has(anchor);
      });
    expect(broken).toEqual([]);
  });

  it('names files that there are', () => {
    const missing = [...prose.matchAll(CODE)]
      .map(([, code = '']) => code)
      .filter((code) =>
        /^(?:[\w@.-]+\/)+[\w.-]+\.(?:ts|json|graphql|wasm|md)$|^(?:src|test|docs|examples)\/[\w/-]+$/.test(
          code,
        ),
      )
      // Of the package as others see it, and of apps.
      .filter((code) => !/^(?:runs-gateway|app)\//.test(code))
      .filter(
        (code) =>
          ![code, `src/${code}`, path.join(path.dirname(page), code)].some((file) =>
            existsSync(`${ROOT}${file}`),
          ),
      );
    expect(missing).toEqual([]);
  });
});
