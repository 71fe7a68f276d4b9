import { expect, it } from 'vitest';
import { flagsOf } from '../../src/cli/commands.ts';
import { helpText } from '../../src/cli/help.ts';
import { GATEWAY_SETTINGS } from '../../src/config/gateway-settings.ts';
import type { Setting } from '../../src/config/settings.ts';

const SERVE_FLAGS = flagsOf('serve');
const RUNS_API_FLAGS = flagsOf('runs-api');
const TAIL_COMMAND_FLAGS = flagsOf('tail');

const [ofGateway = '', ofRunsApi = ''] = helpText().split('Embedded runs API settings');

it('The help names every flag and every variable', () => {
  const lines = ofGateway.split('\n').map((line) => line.trim());
  const names = Object.values<Setting>(GATEWAY_SETTINGS).flatMap(({ variable }) => variable ?? []);
  for (const name of names)
    expect(
      lines.some((line) => line.endsWith(name)),
      name,
    ).toBe(true);
  const hasFlag = (text: string, flag: string): boolean =>
    new RegExp(`^  --${flag}(?: |,|$)`, 'm').test(text);
  for (const flag of [...SERVE_FLAGS.withValue, ...SERVE_FLAGS.switches]) {
    expect(hasFlag(helpText(), flag), flag).toBe(true);
  }
  for (const flag of [...RUNS_API_FLAGS.withValue, ...RUNS_API_FLAGS.switches]) {
    expect(hasFlag(ofRunsApi, flag), flag).toBe(true);
  }
  const [, ofTail = ''] = ofRunsApi.split('Settings of tail');
  for (const flag of [...TAIL_COMMAND_FLAGS.withValue, ...TAIL_COMMAND_FLAGS.switches]) {
    expect(hasFlag(ofTail, flag), flag).toBe(true);
  }
  expect(ofTail).toMatch(/^ {2}ACCESS_TOKEN$/m);
});

it('The help fits into 96 columns', () => {
  expect(
    helpText()
      .split('\n')
      .filter((line) => line.length > 96),
  ).toEqual([]);
});

it('The help tells a setting with its flag, variable, description and default', () => {
  expect(ofGateway).toContain(`
  --port PORT, PORT
      Port to listen on; 0 chooses a free one. Default: 4000.
`);
});
