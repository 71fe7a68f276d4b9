import { describe, expect, it } from 'vitest';
import { GATEWAY_FLAGS, GATEWAY_SETTINGS } from '../../src/config/gateway-settings.ts';
import { Mismatch } from '../../src/config/kind.ts';
import { RUNS_API_SETTINGS } from '../../src/config/runs-api-config.ts';
import { defaultJson, defaultText, type Setting } from '../../src/config/settings.ts';

const TABLES: readonly [string, Readonly<Record<string, Setting>>][] = [
  ['gateway', GATEWAY_SETTINGS],
  ['embedded runs API', RUNS_API_SETTINGS],
];

describe.each(TABLES)('The settings of the %s', (_name, table) => {
  const settings = Object.values(table);
  const others = table === GATEWAY_SETTINGS ? GATEWAY_FLAGS.map(({ flag }) => flag) : [];

  it('have a flag, a variable or both, each only once', () => {
    const flags = [...settings.flatMap(({ flag }) => flag ?? []), ...others, 'help', 'version'];
    const variables = settings.flatMap(({ variable }) => variable ?? []);
    for (const names of [flags, variables]) expect(names).toEqual([...new Set(names)]);
    for (const flag of flags) expect(flag).toMatch(/^[a-z]+(-[a-z]+)*$/);
    for (const variable of variables) expect(variable).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    for (const { flag, variable } of settings) expect(flag ?? variable).toBeDefined();
  });

  it.each(Object.entries(table))('%s: one sentence, with a default that can be written', (key, setting) => {
    expect(setting.description).toMatch(/^[A-Z].*\.$/);
    if (key.endsWith('Ms')) expect(setting.description).toMatch(/milliseconds/i);
    if (key.endsWith('Bytes')) expect(setting.description).toMatch(/bytes/i);
    const { kind, default: value } = setting;
    if (value === undefined && kind.absent === undefined) return;
    expect(kind.fromJson(defaultJson(setting))).toEqual(value);
    const text = defaultText(setting);
    if (text !== undefined) expect(kind.fromText(text)).toEqual(value);
  });
});

it('Secrets of the gateway have no flag, because others can read command lines', () => {
  for (const [key, { flag, kind }] of Object.entries<Setting>(GATEWAY_SETTINGS)) {
    const refused = kind.fromText('\0');
    if (refused instanceof Mismatch && refused.secret) expect([key, flag]).toEqual([key, undefined]);
  }
});
