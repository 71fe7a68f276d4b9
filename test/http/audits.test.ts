import { fileURLToPath } from 'node:url';
import { serverAudits } from 'graphql-http';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { startListening } from '../support/listening-gateway.ts';

const manifest = new URL('../../examples/relay/__generated__/persisted-documents.json', import.meta.url);

/** Whatever can be turned on. */
const EVERYTHING: Partial<Config> = {
  accessTokens: ['sesame'],
  corsOrigins: ['https://app.test'],
  allowedHosts: ['gateway.test'],
  compression: true,
  rateLimit: 1_000_000,
  persistedDocuments: fileURLToPath(manifest),
  rowCopying: true,
};

describe.each<[string, Partial<Config>]>([
  ['as it is shipped', {}],
  ['with everything turned on', EVERYTHING],
])('GraphQL over HTTP, over a real connection, %s', (_name, config) => {
  let url: string;
  beforeAll(async () => {
    const listening = await startListening(config);
    url = listening.url;
    return () => listening[Symbol.asyncDispose]();
  });

  const audits = serverAudits({
    url: 'http://gateway/graphql',
    async fetchFn(input: string, init: RequestInit = {}) {
      const headers = new Headers(init.headers);
      headers.set('authorization', 'Bearer sesame');
      headers.set('origin', 'https://app.test');
      headers.set('accept-encoding', 'gzip, br');
      return fetch(input.replace('http://gateway', url), { ...init, headers });
    },
  });

  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_audit, audit) => {
    expect(await audit.fn()).toMatchObject({ status: 'ok' });
  });
});
