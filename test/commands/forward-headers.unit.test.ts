import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { problemsOf, readConfig } from '../support/read-config.ts';

const read = (FORWARD_HEADERS: string) => readConfig({}, { FORWARD_HEADERS }).forwardHeaders;

describe('FORWARD_HEADERS', () => {
  it.each([
    ['X-Tenant', ['X-Tenant']],
    ['x-bare-password, X-Forwarded-User', ['x-bare-password', 'X-Forwarded-User']],
    ['constructor', ['constructor']],
  ])('may be %s', (text, names) => {
    expect(read(text)).toEqual(names);
  });

  it.each(
    Object.entries({
      'would let anyone act as any user': ['user_id', 'USER-ID'],
      'would let anyone have others billed': ['x-billing-customer-id'],
      'belongs to one connection': ['Connection', 'transfer_encoding', 'upgrade'],
      'is about the way to the gateway': ['Host', 'x-forwarded-for'],
      'is about one message': ['content-length', 'Content-Type'],
      'is set by the gateway': ['Accept-Encoding', 'x_request_id'],
      'would change what is answered': ['range', 'If-Modified-Since'],
      'would change what is asked for': ['X-HTTP-Method-Override', 'x-original-url'],
      'is for browsers': ['cookie', 'origin', 'sec-fetch-site'],
      'would make each request a caller of its own': ['traceparent', 'tracestate'],
    }).flatMap(([why, names]) => names.map((name) => [name, why] as const)),
  )('is not %s, which %s', (name, why) => {
    const problem = `FORWARD_HEADERS: ${name} is never forwarded, because it ${why}`;
    expect(problemsOf(() => read(`x-tenant,${name}`))).toEqual([problem]);
  });

  it('is checked for programs too', async () => {
    await expect(createGateway({ forwardHeaders: ['cookie'] })).rejects.toThrow(
      'FORWARD_HEADERS: cookie is never forwarded, because it is for browsers',
    );
  });
});

describe('LETTA_PROJECT', () => {
  it.each(['LETTA_PROJECT', 'LETTA_PROJECT_ID'])(
    'asks for real runs: %s alone is no start with samples',
    (name) => {
      const problem = `${name}: the embedded runs API has no projects; set LETTA_API_KEY (Letta Cloud) or LETTA_BASE_URL (your server)`;
      expect(problemsOf(() => readConfig({}, { [name]: 'p' }))).toEqual([problem]);
      for (const other of [{ LETTA_API_KEY: 'key' }, { LETTA_BASE_URL: 'http://a.test' }]) {
        expect(readConfig({}, { [name]: 'p', ...other })).toMatchObject(
          name === 'LETTA_PROJECT' ? { project: 'p' } : { projectId: 'p' },
        );
      }
    },
  );

  it.each([' p', 'p ', 'p\r\nx: y', 'проект', 'p'.repeat(257)])(
    'is not %j, which is no header',
    (project) => {
      expect(() => readConfig({}, { LETTA_PROJECT: project, LETTA_API_KEY: 'key' })).toThrow(
        'LETTA_PROJECT: expected visible ASCII characters',
      );
    },
  );
});
