import { describe, expect, it } from 'vitest';
import { type CommandName, COMMANDS, flagsOf } from '../../src/cli/commands.ts';
import { helpText } from '../../src/cli/help.ts';
import { GATEWAY_SETTINGS } from '../../src/config/gateway-settings.ts';
import type { Setting } from '../../src/config/settings.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of the table.
const NAMES = Object.keys(COMMANDS) as readonly CommandName[];
const WITH_GATEWAY_SETTINGS: readonly CommandName[] = ['doctor', 'config', 'schema'];
const COMMON_FLAGS = new Set(flagsOf('documents').switches);

describe('The help', () => {
  it('of all commands is short, and lists them', () => {
    const text = helpText();
    for (const { usage } of Object.values(COMMANDS)) expect(text).toContain(`  runs-gateway ${usage} `);
    expect(text.split('\n').length).toBeLessThan(40);
  });

  it.each(NAMES)('of %s has its own flags, and an example', (name) => {
    const text = helpText(name);
    const ofServe = flagsOf('serve');
    const ofGateway = new Set([...ofServe.withValue, ...ofServe.switches]);
    const { withValue, switches } = flagsOf(name);
    for (const flag of [...withValue, ...switches]) {
      const isElsewhere =
        WITH_GATEWAY_SETTINGS.includes(name) && ofGateway.has(flag) && !COMMON_FLAGS.has(flag);
      const line = new RegExp(`^  (?:-\\w, )?--${flag}(?: |,|$)`, 'm');
      expect(line.test(text), flag).toBe(!isElsewhere);
    }
    expect(text).toContain(`Example\n  runs-gateway ${COMMANDS[name].example}\n`);
    expect(text.includes('settings of runs-gateway serve')).toBe(WITH_GATEWAY_SETTINGS.includes(name));
  });

  it('of serve names every variable', () => {
    const lines = helpText('serve').split('\n');
    const names = Object.values<Setting>(GATEWAY_SETTINGS).flatMap(({ variable }) => variable ?? []);
    expect(names.filter((name) => !lines.some((line) => line.endsWith(name)))).toEqual([]);
  });

  it('tells a setting with its flag, variable, description and default', () => {
    expect(helpText('serve')).toContain(`
  --port PORT, PORT
      Port to listen on; 0 chooses a free one. Default: 4000.
`);
  });
});
