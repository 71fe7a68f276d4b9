import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../src/config/proxy.ts';
import { readConfig } from '../support/read-config.ts';

describe('HTTP_PROXY, HTTPS_PROXY and NO_PROXY', () => {
  const PROXY = 'http://user:secret@proxy.test:3128';
  const BOTH = { HTTP_PROXY: 'http://plain.test:1', HTTPS_PROXY: PROXY };

  it.each([
    ['https://api.letta.com', BOTH, PROXY],
    ['http://letta.test:8283', BOTH, 'http://plain.test:1'],
    ['https://api.letta.com', { HTTP_PROXY: PROXY }, undefined],
    ['https://api.letta.com', { https_proxy: 'proxy.test:3128' }, 'http://proxy.test:3128'],
    ['https://api.letta.com', { ...BOTH, https_proxy: '' }, PROXY],
    ['http://localhost:8283', BOTH, undefined],
    ['http://[::1]:8283', BOTH, undefined],
  ])('for %s, with %j: %s', (url, env, proxy) => {
    expect(proxyFor(url, env)).toEqual({ ...(proxy && { proxy }), problems: [] });
    expect(readConfig({ upstream: url }, env).upstreamProxy).toBe(proxy);
    expect(readConfig({}, env).upstreamProxy).toBeUndefined();
  });

  it.each([
    ['https://api.letta.com', 'letta.com'],
    ['https://api.letta.com', 'a.test, .letta.com'],
    ['https://api.letta.com.', '*.LETTA.com'],
    ['https://api.letta.com', '*'],
    ['https://api.letta.com', 'api.letta.com:443'],
    ['https://10.1.2.3', '10.1.2.3'],
    ['https://[fd00::7]', '[fd00::7]:443'],
    ['https://[fd00::7]', 'fd00::7'],
  ])('for %s, there is no proxy with NO_PROXY=%s', (url, noProxy) => {
    expect(proxyFor(url, { ...BOTH, NO_PROXY: noProxy }).proxy).toBeUndefined();
    expect(proxyFor(url, { ...BOTH, no_proxy: noProxy }).proxy).toBeUndefined();
  });

  it.each([
    ['https://api.letta.com', 'etta.com,letta.co,api.letta.com:80,,:443,.'],
    ['https://10.1.2.3', '10.1.2,10.1.2.4,10.1.2.3:80'],
  ])('for %s, there is a proxy with NO_PROXY=%s', (url, noProxy) => {
    expect(proxyFor(url, { ...BOTH, NO_PROXY: noProxy }).proxy).toBe(PROXY);
  });

  it.each(['socks5://user:hunter2@proxy.test', 'http://user:hunter2%@proxy.test'])(
    'are refused where they are no URL, and not shown: %s',
    (HTTPS_PROXY) => {
      const read = () => readConfig({ upstream: 'https://letta.test' }, { HTTPS_PROXY });
      expect(read).toThrow(/^HTTPS_PROXY: expected an http or https URL.*not shown\)$/s);
    },
  );
});
