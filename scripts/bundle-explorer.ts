import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

/** Bundles the page of the explorer: one module and one style sheet, beside the HTML that they belong to. */
const EXPLORER = fileURLToPath(new URL('../src/explorer/', import.meta.url));
const BUNDLE = `${EXPLORER}bundle/`;

rmSync(BUNDLE, { recursive: true, force: true });
mkdirSync(BUNDLE);
await build({
  input: `${EXPLORER}browser/main.tsx`,
  tsconfig: `${EXPLORER}browser/tsconfig.json`,
  output: { file: `${BUNDLE}explorer.js`, minify: true },
  logLevel: 'warn',
});
const styles = globSync('browser/styles/*.css', { cwd: EXPLORER }).toSorted();
const css = styles.map((file) => readFileSync(EXPLORER + file, 'utf8'));
writeFileSync(`${BUNDLE}explorer.css`, css.join('\n'));
