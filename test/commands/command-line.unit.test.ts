import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../src/cli/command-line.ts';
import { allSettings, type Command, type CommandName, COMMANDS } from '../../src/cli/commands.ts';
import { helpText } from '../../src/cli/help.ts';
import type { Setting } from '../../src/config/define-settings.ts';
import { GATEWAY_FLAGS, GATEWAY_SETTINGS } from '../../src/config/gateway-settings.ts';
import { runCommand } from '../support/run-command.ts';

const NAMES = Object.keys(COMMANDS) as readonly CommandName[];
const UNEXPECTED =
  'unexpected argument; expected a flag, or serve, runs-api, tail, mcp, watch, doctor, check config, check documents or schema first';
const parsed = (line: string) => parseCommandLine(line.split(' ').filter((word) => word !== ''));

describe('The command line', () => {
  it.each<[string, CommandName, object]>([
    ['', 'serve', {}],
    ['--port 5000', 'serve', { port: '5000' }],
    ['serve --port=5000', 'serve', { port: '5000' }],
    ['--port 1 --port 2', 'serve', { port: '2' }],
    ['runs-api --seed -1', 'runs-api', { seed: '-1' }],
    ['tail -n 5 --json', 'tail', { last: '5', json: 'on' }],
    ['doctor --json --host ::1', 'doctor', { json: 'on', host: '::1' }],
    ['check', 'check config', {}],
    ['check --print', 'check config', { print: 'on' }],
    ['check config --print', 'check config', { print: 'on' }],
    ['schema --subgraph --tag a', 'schema', { subgraph: 'on', tag: 'a' }],
    ['--live', 'serve', { live: 'on' }],
    ['--live --port 5', 'serve', { live: 'on', port: '5' }],
    ['--live off', 'serve', { live: 'off' }],
    ['--live=off', 'serve', { live: 'off' }],
    ['--live off --live', 'serve', { live: 'on' }],
    ['--project=--mine', 'serve', { project: '--mine' }],
    ['-v', 'serve', { version: 'on' }],
  ])('%s', (line, name, flags) => {
    expect(parsed(line)).toMatchObject({ name, flags, operands: [], problems: [] });
  });

  it('has an operand of a command that takes one', () => {
    const expected = { name: 'check documents', operands: ['a.json'], problems: [] };
    expect(parsed('check documents a.json')).toMatchObject(expected);
  });

  it.each<[string, readonly string[]]>([
    ['--apiKeyFile k', ['--apiKeyFile: unknown flag; did you mean --api-key-file?']],
    ['--host', ['--host: expected a value']],
    ['--host --port 1', ['--host: expected a value', `1: ${UNEXPECTED}`]],
    ['constructor', [`constructor: ${UNEXPECTED}`]],
    ['config', [`config: ${UNEXPECTED}`]],
    [
      '--nonsense x y',
      [
        `--nonsense: unknown flag; known flags: ${Object.values(allSettings(COMMANDS.serve))
          .flatMap(({ flag }) => (flag === undefined ? [] : [`--${flag}`]))
          .join(', ')}`,
        `y: ${UNEXPECTED}`,
      ],
    ],
  ])('%s is refused', (line, problems) => {
    expect(parsed(line).problems).toEqual(problems);
  });
});

describe('runs-gateway --help', () => {
  it.each<[string, string]>([
    ['--help', helpText()],
    ['-h --port x', helpText()],
    ['serve -h', helpText('serve')],
    ['tail -n 5 --help', helpText('tail')],
    ['check documents a.json --help', helpText('check documents')],
    ['schema --help --nonsense', helpText('schema')],
  ])('is printed for %s, whatever else is wrong', async (line, text) => {
    expect(await runCommand(line.split(' '))).toEqual({ code: 0, stdout: `${text}\n`, stderr: '' });
  });

  it('of all commands is short, and lists them', () => {
    const text = helpText();
    for (const name of NAMES) expect(text).toContain(`  runs-gateway ${name} `);
    expect(text.split('\n').length).toBeLessThan(40);
  });

  it.each(NAMES)('of %s has its own flags, and an example', (name) => {
    const text = helpText(name);
    const command: Command = COMMANDS[name];
    const takesMore = command.takesGateway === true && name !== 'serve';
    for (const [key, { flag }] of Object.entries(allSettings(command))) {
      if (flag === undefined) continue;
      const isElsewhere = takesMore && key in { ...GATEWAY_SETTINGS, ...GATEWAY_FLAGS };
      const line = new RegExp(`^  (?:-\\w, )?--${flag}(?: |,|$)`, 'm');
      expect(line.test(text), flag).toBe(!isElsewhere);
    }
    expect(text).toContain(`Example\n  runs-gateway ${command.example}\n`);
    expect(text.includes('settings of runs-gateway serve')).toBe(takesMore);
  });

  it('of serve has each setting with its flag, variable, description and default', () => {
    const text = helpText('serve');
    const names = Object.values<Setting>(GATEWAY_SETTINGS);
    const lines = text.split('\n');
    for (const { variable = '' } of names) expect(lines.some((line) => line.endsWith(variable))).toBe(true);
    expect(text).toContain(`
  --port PORT, PORT
      Port to listen on; 0 chooses a free one. Default: 4000.
`);
  });
});
