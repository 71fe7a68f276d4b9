import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../src/config/proxy.ts';
import { readConfig } from '../support/read-config.ts';

const PROXY = 'http://user:secret@proxy.test:3128';
const BOTH = { HTTP_PROXY: 'http://plain.test:1', HTTPS_PROXY: PROXY };

describe('The proxy of an upstream', () => {
  it.each([
    ['https://api.letta.com', BOTH, PROXY],
    ['http://letta.test:8283', BOTH, 'http://plain.test:1'],
    ['https://api.letta.com', { HTTP_PROXY: PROXY }, undefined],
    ['https://api.letta.com', { https_proxy: 'proxy.test:3128' }, 'http://proxy.test:3128'],
    ['https://api.letta.com', { ...BOTH, https_proxy: 'http://lower.test' }, 'http://lower.test'],
    ['http://localhost:8283', BOTH, undefined],
    ['http://127.0.0.1:8283', BOTH, undefined],
    ['http://[::1]:8283', BOTH, undefined],
  ])('of %s by %j is %s', (url, env, proxy) => {
    expect(proxyFor(url, env)).toEqual({ ...(proxy && { proxy }), problems: [] });
  });

  it.each([
    ['https://api.letta.com', 'letta.com'],
    ['https://api.letta.com', 'a.test, .letta.com'],
    ['https://api.letta.com.', '*.LETTA.com'],
    ['https://api.letta.com', '*'],
    ['https://api.letta.com', 'api.letta.com:443'],
    ['https://10.1.2.3', '10.0.0.0/8'],
    ['https://10.1.2.3:8443', '10.1.2.3:8443'],
    ['https://[fd00::7]', 'fd00::7'],
    ['https://[fd00::7]', '[fd00::7]:443'],
    ['https://[fd00::7]', 'fd00::/8'],
    ['https://[fd00::7]', 'FD00:0::7'],
  ])('of %s is none where NO_PROXY is %s', (url, noProxy) => {
    expect(proxyFor(url, { ...BOTH, NO_PROXY: noProxy }).proxy).toBeUndefined();
    expect(proxyFor(url, { ...BOTH, no_proxy: noProxy }).proxy).toBeUndefined();
  });

  it.each([
    ['https://api.letta.com', 'etta.com,letta.co,api.letta.com:80,,:443,/8,10.0.0.0/8'],
    ['https://10.1.2.3', '10.0.0.0/99,10.0.0.0/x,11.0.0.0/8,fd00::/8,10.1.2'],
    ['https://10.1.2.3', '10.0.0.0/,10.0.0.0/-1,10.0.0.0/1.5,10.0.0.0/8/8'],
  ])('of %s is used where NO_PROXY is %s', (url, noProxy) => {
    expect(proxyFor(url, { ...BOTH, NO_PROXY: noProxy }).proxy).toBe(PROXY);
  });

  it('is the one of the configuration for an upstream, and none for samples', () => {
    expect(readConfig({}, { ...BOTH, LETTA_BASE_URL: 'https://letta.test' }).upstreamProxy).toBe(PROXY);
    expect(readConfig({}, { ...BOTH, LETTA_API_KEY: 'k' }).upstreamProxy).toBe(PROXY);
    expect(readConfig({}, BOTH).upstreamProxy).toBeUndefined();
  });

  it('is a problem where it is none, and is not shown', () => {
    for (const proxy of ['socks5://user:hunter2@proxy.test', 'http://user:hunter2%@proxy.test']) {
      const env = { LETTA_BASE_URL: 'https://letta.test', HTTPS_PROXY: proxy };
      expect(() => readConfig({}, env)).toThrow(/^HTTPS_PROXY: expected an http or https URL.*not shown\)$/s);
    }
  });
});
