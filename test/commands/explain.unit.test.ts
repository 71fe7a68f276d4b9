import { describe, expect, it } from 'vitest';
import { oneLine } from '../../src/doctor/examine.ts';
import { explain } from '../../src/doctor/explain.ts';
import { UpstreamError } from '../../src/errors/upstream-error.ts';

const failed = (code: string): UpstreamError =>
  new UpstreamError('UPSTREAM_UNAVAILABLE', 'GET /v1/health/ failed', {
    cause: Object.assign(new Error(code), { code }),
  });

describe('A failed request is explained', () => {
  it.each([
    ['ENOTFOUND', 'name is unknown', 'LETTA_BASE_URL'],
    ['EAI_AGAIN', "can't be looked up", 'DNS'],
    ['ECONNREFUSED', 'nothing listens', 'LETTA_BASE_URL'],
    ['UND_ERR_CONNECT_TIMEOUT', "doesn't answer", 'firewall'],
    ['CERT_HAS_EXPIRED', 'has expired', 'Renew'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'authority unknown', 'NODE_EXTRA_CA_CERTS'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'for another name', 'LETTA_BASE_URL'],
    ['ECONNRESET', 'GET /v1/health/ failed', 'firewall'],
  ])('by the code %s', (code, text, advice) => {
    expect(explain(failed(code))).toMatchObject({
      level: 'problem',
      text: expect.stringContaining(text),
      advice: expect.stringContaining(advice),
    });
  });

  it.each([
    [401, 'LETTA_API_KEY'],
    [404, 'LETTA_BASE_URL'],
    [400, 'one row'],
    [429, 'later'],
    [500, 'log of the runs API'],
    [503, 'not ready'],
    [520, 'log of the runs API'],
  ])('by the status %i', (status, advice) => {
    const { facts, ...finding } = explain(new UpstreamError('UPSTREAM_ERROR', 'GET /x answered', { status }));
    expect(finding.advice).toContain(advice);
    expect(facts).toEqual({ code: 'UPSTREAM_ERROR', status });
  });

  it('without what a terminal would obey', () => {
    expect(oneLine('a\u001B[31mred\r\n\tb\u009B1mc')).toBe('a [31mred b 1mc');
    expect(oneLine('x'.repeat(1000))).toHaveLength(300);
  });
});
