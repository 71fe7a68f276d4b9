import { relative } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';
import { loadPlugins } from '../../src/cli/plugins-module.ts';
import { newFolder } from '../support/new-folder.ts';
import { openGateway } from '../support/open-gateway.ts';
import { runCommand } from '../support/run-command.ts';

/** Writes a module into a folder of its own. */
function moduleOf(text: string) {
  const folder = newFolder();
  return { ...folder, path: folder.file('my-plugins.mjs', text) };
}

const NAMING = `export default [{
  onExecute: () => ({
    onExecuteDone: ({ result, setResult }) => setResult({ ...result, extensions: { by: 'me' } }),
  }),
}];`;

it('PLUGINS are those that a module exports, by a path from the working directory', async () => {
  using module = moduleOf(NAMING);
  for (const path of [module.path, relative(process.cwd(), module.path)]) {
    const plugins = await loadPlugins(path);
    await using test = await openGateway({ config: { plugins } });
    expect(await test.execute('{ __typename }')).toEqual({
      data: { __typename: 'Query' },
      extensions: { by: 'me' },
    });
  }
  expect(await loadPlugins(undefined)).toEqual([]);
  await expect(loadPlugins('./nowhere.mjs')).rejects.toThrow("PLUGINS: ./nowhere.mjs can't be loaded: ");
});

it.each([
  ['exports nothing', 'export {};', 'to export a list of plugins as its default'],
  ['exports one plugin', 'export default { onExecute() {} };', 'to export a list of plugins as its default'],
  ['exports a function', 'export default [() => ({})];', 'to export a list of plugins as its default'],
  ['fails', 'throw new Error("no database");', "can't be loaded: Error: no database"],
  ['is no module', 'export default [', "can't be loaded: "],
])('The gateway does not start, and says why, with a module that %s', async (_name, text, problem) => {
  using module = moduleOf(text);
  for (const command of [[], ['check', 'config']]) {
    const { code, stdout, stderr } = await runCommand([...command, '--plugins', module.path]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('PLUGINS: ');
    expect(stderr).toContain(module.path);
    expect(stderr).toContain(problem);
  }
});
