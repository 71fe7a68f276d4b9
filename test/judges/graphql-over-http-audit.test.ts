import { fileURLToPath } from 'node:url';
import { serverAudits } from 'graphql-http';
import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../../src/gateway-options.ts';
import { forAll } from '../support/for-all.ts';
import { openGateway } from '../support/open-gateway.ts';

const manifest = new URL('../../examples/relay/__generated__/persisted-documents.json', import.meta.url);

const EVERYTHING: GatewayOptions = {
  accessTokens: ['sesame'],
  corsOrigins: ['https://app.test'],
  allowedHosts: ['gateway.test'],
  compression: true,
  rateLimit: 1_000_000,
  persistedDocuments: fileURLToPath(manifest),
};

describe.each<[string, GatewayOptions]>([
  ['as it is shipped', {}],
  ['with everything turned on', EVERYTHING],
  ['without row copying', { rowCopying: false }],
])('GraphQL over HTTP, %s', async (_name, config) => {
  const { gateway } = await forAll(openGateway({ config }));

  const audits = serverAudits({
    url: 'http://gateway.test/graphql',
    fetchFn(input: string, init: RequestInit = {}) {
      const headers = new Headers(init.headers);
      headers.set('authorization', 'Bearer sesame');
      if (config.corsOrigins !== undefined) headers.set('origin', 'https://app.test');
      return gateway.fetch(new Request(input, { ...init, headers }));
    },
  });

  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_audit, audit) => {
    expect(await audit.fn()).toMatchObject({ status: 'ok' });
  });
});
