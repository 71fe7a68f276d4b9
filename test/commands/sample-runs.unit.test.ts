import { describe, expect, it } from 'vitest';
import { readOptions } from '../../src/config/config.ts';
import { problemsOf, readConfig } from '../support/read-config.ts';

const read = (flags: Record<string, string>, env: Record<string, string> = {}) =>
  problemsOf(() => readConfig(flags, env));
const ADVICE =
  '; set LETTA_API_KEY (Letta Cloud) or LETTA_BASE_URL (your server), or pass --sample-runs if sample runs are intended';

describe('Sample runs', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['without any configuration', {}, {}],
    ['on loopback', { host: '::1', 'admin-host': 'localhost' }, { NODE_ENV: 'development' }],
    ['where they are asked for', { host: '0.0.0.0', 'sample-runs': 'on' }, { NODE_ENV: 'production' }],
    ['where a variable asks for them', { host: '0.0.0.0' }, { SAMPLE_RUNS: 'on' }],
  ])('are served %s', (_name, flags, env) => {
    expect(read(flags, env)).toEqual([]);
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['HOST: others can reach 0.0.0.0, and would take sample runs for real ones', { host: '0.0.0.0' }, {}],
    ['ADMIN_HOST: others can reach ::, and would watch sample runs', { 'admin-host': '::' }, {}],
    ['NODE_ENV: sample runs would be served in production', {}, { NODE_ENV: 'production' }],
    ['SAMPLE_RUNS: off, so that there is nothing to serve', {}, { SAMPLE_RUNS: 'off' }],
  ])('are not served otherwise: %s', (problem, flags, env) => {
    expect(read(flags, env)).toEqual([problem + ADVICE]);
    for (const real of [{ LETTA_BASE_URL: 'http://a.test' }, { LETTA_API_KEY: 'k', ACCESS_TOKENS: 't' }]) {
      expect(read(flags, { ...env, ...real })).toEqual([]);
    }
  });

  it('are what a program serves if nothing says that it wants others', () => {
    expect(readOptions({}).sampleRuns).toBeUndefined();
    expect(readOptions({ host: '0.0.0.0', apiKey: 'k', sampleRuns: true }).sampleRuns).toBe(true);
    for (const wanting of [{ sampleRuns: false }, { apiKey: 'k' }, { host: '0.0.0.0' }, { project: 'p' }]) {
      expect(() => readOptions(wanting)).toThrow(TypeError);
      expect(readOptions({ ...wanting, upstreamUrl: 'http://a.test' })).toMatchObject(wanting);
    }
  });
});
