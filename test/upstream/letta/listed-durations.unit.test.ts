import { describe, expect, it } from 'vitest';
import { SERVERS } from '../../../src/doctor/servers.ts';
import { createListedDurations } from '../../../src/upstream/letta/listed-durations.ts';

it.each<[string | undefined, boolean]>([
  ['0.12.1', false],
  ['0.13.0', false],
  ['0.14.0', true],
  ['0.16.7', true],
  ['v0.13.0-rc1', false],
  ['1.0.0', true],
  ['10.13.0', true],
  ['cloud', true],
  ['', true],
  [undefined, true],
])('Lists of Letta %s show durations: %s', async (version, expected) => {
  const durations = createListedDurations({ askVersion: async () => version });
  expect(await durations.areShown()).toBe(expected);
});

it.each(SERVERS)(
  'Durations are relied on unless the table of servers says otherwise: $name',
  async ({ name, traits }) => {
    const durations = createListedDurations({ askVersion: async () => name });
    expect(await durations.areShown()).toBe(traits.durations !== 'not those of metrics');
  },
);

describe('Whether lists show durations', () => {
  it('is asked once a minute, and once by all who want to know at the same time', async () => {
    let [asked, time] = [0, 0];
    const askVersion = async (): Promise<string> => {
      asked++;
      return asked === 1 ? '0.13.0' : '0.16.7';
    };
    const durations = createListedDurations({ askVersion, now: () => time });
    expect(await Promise.all([durations.areShown(), durations.areShown()])).toEqual([false, false]);
    time = 59_999;
    expect(await durations.areShown()).toBe(false);
    expect(asked).toBe(1);
    time = 60_000;
    expect(await durations.areShown()).toBe(true);
    expect(asked).toBe(2);
  });

  it('is known from other health checks, too', async () => {
    const durations = createListedDurations({
      askVersion: () => Promise.reject(new Error('Not expected to ask')),
    });
    durations.record('0.13.0');
    expect(await durations.areShown()).toBe(false);
  });

  it('stays known while the health check fails', async () => {
    let time = 0;
    const durations = createListedDurations({
      askVersion: () => Promise.reject(new Error('down')),
      now: () => time,
    });
    durations.record('0.13.0');
    time = 60_000;
    expect(await durations.areShown()).toBe(false);
  });

  it('is assumed where the health check fails, for a minute', async () => {
    let asked = 0;
    const durations = createListedDurations({
      askVersion: () => {
        asked++;
        return Promise.reject(new Error('down'));
      },
      now: () => 0,
    });
    expect(await durations.areShown()).toBe(true);
    expect(await durations.areShown()).toBe(true);
    expect(asked).toBe(1);
  });
});
