import { describe, expect, it } from 'vitest';
import { examineConfig } from '../../src/config/config.ts';
import { problemsOf, readConfig } from '../support/read-config.ts';

const UPSTREAM = { LETTA_BASE_URL: 'http://a.test' };

function warningsOf(env: Record<string, string>): readonly string[] {
  const { problems, warnings } = examineConfig({}, env);
  expect(problems).toEqual([]);
  return warnings;
}

describe('A variable that nothing reads', () => {
  it.each([
    ['LETTA_URL', 'unknown variable; expected one of LETTA_BASE_URL, LETTA_API_KEY, '],
    ['LETTA_BSAE_URL', 'unknown variable; did you mean LETTA_BASE_URL?'],
    ['LETTA_PG_URI', 'unknown variable; expected one of LETTA_BASE_URL, '],
    ['ACCESS_TOKEN', 'unknown variable; did you mean ACCESS_TOKENS?'],
    ['ACESS_TOKENS', 'unknown variable; did you mean ACCESS_TOKENS?'],
    ['ACCESS_TOKENZ', 'unknown variable; did you mean ACCESS_TOKENS?'],
    ['MAXCOST', 'unknown variable; did you mean MAX_COST?'],
    ['max_cost', 'unknown variable; did you mean MAX_COST?'],
    ['PORT_FILE', 'ignored, because only secrets are read from files; set PORT'],
  ])('is named where it looks as if it were meant: %s', (name, warning) => {
    expect(warningsOf({ ...UPSTREAM, [name]: 'x' })).toEqual([
      expect.stringContaining(`${name}: ${warning}`),
    ]);
  });

  it('is of no interest otherwise', () => {
    const others = ['HOME', 'PATH', 'HOSTNAME', 'TERM', 'NODE_ENV', 'OTEL_SERVICE_NAME', 'npm_config_cache'];
    const env = Object.fromEntries(others.map((name) => [name, 'x']));
    expect(warningsOf({ ...UPSTREAM, ...env, LETTA_URL: '' })).toEqual([]);
  });

  it('keeps the gateway from serving samples where it was to name the upstream', () => {
    const read = (env: Record<string, string>, flags = {}) => problemsOf(() => readConfig(flags, env));
    expect(read({ LETTA_BASEURL: 'http://a.test' })).toEqual([
      'LETTA_BASEURL: unknown variable; did you mean LETTA_BASE_URL?',
    ]);
    expect(read({ LETA_BASE_URL: 'http://a.test' })).toHaveLength(1);
    expect(read({ letta_base_url: 'http://a.test' })).toHaveLength(1);
    expect(read({ LETTA_URL: 'http://a.test', LETTA_TOKEN: 'x' })).toHaveLength(2);
    expect(read({ LETTA_URL: 'http://a.test' }, { upstream: 'http://b.test' })).toEqual([]);
    expect(read({ LETTA_URL: 'http://a.test' }, { 'sample-runs': 'on' })).toEqual([]);
    // Those of a Letta server on the same machine, or beside it in Kubernetes.
    expect(read({ LETTA_PG_URI: 'x', LETTA_DEBUG: '1', LETTA_SERVER_PASSWORD: 'x' })).toEqual([]);
    const links = { LETTA_SERVICE_HOST: 'x', LETTA_SERVICE_PORT: '1', LETTA_SERVICE_PORT_HTTP: '1' };
    const ports = { LETTA_PORT: 'tcp://1', LETTA_PORT_8283_TCP: 'x', LETTA_PORT_8283_TCP_ADDR: 'x' };
    expect(read({ ...links, ...ports })).toEqual([]);
    expect(warningsOf({ ...links, ...ports })).toEqual([]);
  });
});

describe('A Service of Kubernetes', () => {
  it.each(['tcp://10.0.0.1:80', 'udp://10.0.0.1:53', 'tcp://[fd00::1]:80'])(
    'does not set a port: %s',
    (value) => {
      const env = { ...UPSTREAM, ADMIN_PORT: value };
      expect(readConfig({}, env).adminPort).toBeUndefined();
      expect(warningsOf(env)).toEqual([
        'ADMIN_PORT: ignored, because Kubernetes has set it for a Service; set enableServiceLinks: false for the Pod',
      ]);
      expect(readConfig({}, env, { 'runs-gateway.config.json': '{"adminPort": 5000}' }).adminPort).toBe(5000);
    },
  );

  it('is the only one whose words for a port are ignored', () => {
    expect(problemsOf(() => readConfig({}, { ADMIN_PORT: 'tcp' }))).toHaveLength(1);
    expect(problemsOf(() => readConfig({ 'admin-port': 'tcp://10.0.0.1:80' }, {}))).toHaveLength(1);
  });
});
