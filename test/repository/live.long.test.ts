import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { startCutProxy } from '../support/cut-proxy.ts';
import { liveRun } from '../support/live-runs.ts';
import { newFolder } from '../support/new-folder.ts';
import { openListening } from '../support/open-listening.ts';
import { COMMANDS, PAGES, ROOT } from './pages.ts';

const PAGE = 'docs/live.md';

interface Snippet {
  /** The heading of the program that it is but for the import and the URL. */
  readonly like?: string;
  /** Where its packages are. */
  readonly from?: readonly string[];
  readonly added?: string;
}

/** A program of the page by its heading. */
const SNIPPETS: Readonly<Record<string, Snippet>> = {
  EventSource: {},
  'graphql-ws': {},
  'graphql-sse': { like: 'graphql-ws' },
  'Apollo Client': { from: ['apollo', '@apollo'] },
  Relay: {
    from: ['relay', 'relay-runtime'],
    added: `
const text = 'subscription Runs($after: String) { runEvents(after: $after) { kind runId cursor } }';
const request = { name: 'Runs', text };
subscribe(request as any, {}, {}).subscribe({
  next: ({ data }: any) => console.log(data.runEvents.kind, data.runEvents.runId),
});`,
  },
};

/**
 * Runs a command over a gateway until it has printed that a run was added. If it goes on after a lost connection,
 * more runs come while it has none, and after that.
 *
 * @returns what it has printed
 */
async function runOver(
  commandFor: (url: string) => readonly [file: string, args: readonly string[], cwd: string],
  { goesOn = true } = {},
): Promise<string> {
  await using test = await openListening({ runs: [liveRun(1)] });
  await using network = await startCutProxy(Number(new URL(test.listener.url).port));
  const [file, args, cwd] = commandFor(`http://127.0.0.1:${network.port}`);
  // A group of its own: npm is ended with what it has started.
  const child = spawn(file, args, { cwd, detached: true, env: { PATH: process.env['PATH'] } });
  const closed = once(child, 'close');
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      printed += chunk;
    });
  }
  try {
    await expect.poll(async () => (await test.metrics()) + printed).toContain('subscriptions 1');
    await test.polled();
    test.store.insert([liveRun(2)]);
    await expect.poll(() => printed).toContain(liveRun(2).id);
    if (!goesOn) return printed;
    network.cut();
    await expect.poll(test.metrics).toContain('subscriptions 0');
    test.store.insert([liveRun(3), liveRun(4)]);
    network.restore();
    for (const id of [liveRun(3).id, liveRun(4).id]) await expect.poll(() => printed).toContain(id);
    test.store.insert([liveRun(5)]);
    await expect.poll(() => printed).toContain(liveRun(5).id);
    // None was lost, and none comes twice.
    const added = printed.split('\n').filter((line) => line.includes('ADDED'));
    for (const number of [2, 3, 4, 5])
      expect(added.filter((line) => line.includes(liveRun(number).id))).toHaveLength(1);
    return printed;
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await closed;
  }
}

/** The first block below a heading. */
function blockBelow(heading: string): string {
  const [, below = ''] = (PAGES.get(PAGE) ?? '').split(`\n## ${heading}\n`);
  const [, text = ''] = /^```[jt]s\n(.*?)^```$/ms.exec(below.split('\n## ')[0] ?? '') ?? [];
  return text;
}

describe(`The programs of ${PAGE}`, () => {
  it.each(Object.keys(SNIPPETS))(
    '%s is told once of each run that is created, also when the connection is lost',
    async (heading) => {
      const { like, from: [example = '', name = ''] = [], added = '' } = SNIPPETS[heading] ?? {};
      using folder = newFolder();
      const packages = path.join(folder.path, 'node_modules');
      await mkdir(packages);
      for (const own of ['graphql', 'graphql-ws', 'graphql-sse']) {
        await symlink(`${ROOT}node_modules/${own}`, path.join(packages, own));
      }
      if (name !== '')
        await symlink(`${ROOT}examples/${example}/node_modules/${name}`, path.join(packages, name));
      folder.file('package.json', '{"type":"module"}');
      const shown = blockBelow(like ?? heading);
      expect(shown).not.toBe('');
      const block =
        like === undefined ? shown : shown.replace(`'${like}'`, `'${heading}'`).replace('ws://', 'http://');
      let printed = '';
      const file = folder.file('program.ts');
      printed = await runOver((url) => {
        const port = new URL(url).port;
        const text = `${block.replaceAll('127.0.0.1:4000', `127.0.0.1:${port}`)}${added}`;
        const start = `import { writeFileSync } from 'node:fs'; writeFileSync(process.argv[1], process.argv[2]); await import(process.argv[1]);`;
        const flags = ['--experimental-eventsource', '--no-warnings', '--input-type=module', '--eval', start];
        return [process.execPath, [...flags, file, text], folder.path];
      });
      expect(printed).toContain(`ADDED ${liveRun(2).id}`);
    },
  );
});

describe(`The commands of ${PAGE}`, () => {
  it.each([...COMMANDS].filter((each) => /^curl -sN|^npm run tail/.test(each)))('%s', async (each) => {
    const printed = await runOver(
      (url) => {
        const ofTest = each.replace('http://127.0.0.1:4000', url).replace('FAILED', 'RUNNING');
        return ['/bin/sh', ['-c', `GATEWAY_URL=${url}/graphql exec ${ofTest}`], ROOT];
      },
      { goesOn: !each.startsWith('curl') },
    );
    expect(printed).toContain('ADDED');
  });
});
