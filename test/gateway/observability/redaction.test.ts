import { describe, expect, it, vi } from 'vitest';
import type { Gateway, GatewayOptions } from '../../../src/gateway-options.ts';
import { type Log, silentLog } from '../../../src/observability/log.ts';
import { stopClock } from '../../support/clock.ts';
import { graphqlRequest } from '../../support/execute.ts';
import { mixedRunId } from '../../support/ids.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';
import type { UpstreamAnswer } from '../../support/scripted-upstream.ts';

const TOKEN = 'sk-let-0123456789-abcdefghij';
const BEARER = { authorization: `Bearer ${TOKEN}` };

/** All that is logged about one query whose upstream answers so. @param secrets replace those of the settings before */
async function logOf(
  answer: UpstreamAnswer,
  headers: Readonly<Record<string, string>> = BEARER,
  config: GatewayOptions = {},
  secrets: Parameters<Gateway['replaceSecrets']>[0] = {},
): Promise<string> {
  const clock = stopClock();
  const lines: string[] = [];
  const write = (fields: object, message: string): void => {
    const { err, ...others } = fields as { err?: Error; reason?: string };
    // As a logger does: message, stack and other properties, of causes as well.
    for (let error: unknown = err; error instanceof Error; error = error.cause) {
      lines.push(error.message, error.stack ?? '', JSON.stringify(Object.fromEntries(Object.entries(error))));
    }
    lines.push(message, others.reason ?? '', JSON.stringify(others));
  };
  const log: Log = { ...silentLog, warn: write, error: write };
  await using opened = await openGatewayOver(() => answer, { log, ...config });
  opened.gateway.replaceSecrets(secrets);
  await clock.until(opened.execute('{ runs { nodes { id } } }', {}, headers));
  return lines.join('\n');
}

describe('The log of an upstream that echoes credentials', () => {
  it.each<[string, string]>([
    ['with their scheme', `Bearer ${TOKEN}`],
    ['without it', TOKEN],
    ['in a list of parts', JSON.stringify(['Bearer', TOKEN.slice(0, 10), TOKEN.slice(10)])],
    ['shortened', `${TOKEN.slice(0, 12)}…`],
    ['where the text is cut', `${TOKEN} ${'x '.repeat(268)}${TOKEN}`],
  ])('has no part of them when they come %s', async (_name, body) => {
    for (const status of [302, 400, 401, 500, 503]) {
      const log = await logOf({ status, body });
      expect(log).toContain('[redacted]');
      expect(log).not.toContain(TOKEN.slice(0, 4));
      for (let i = 0; i + 8 <= TOKEN.length; i++) expect(log).not.toContain(TOKEN.slice(i, i + 8));
    }
  });

  it('has none of them in the causes of a body that is not JSON, or of a broken connection', async () => {
    const broken = Object.assign(new Error(`reset by Bearer ${TOKEN}`), { code: 'ECONNRESET', data: TOKEN });
    for (const answer of [{ body: `Bearer ${TOKEN}` }, broken]) {
      const log = await logOf(answer);
      expect(log).toMatch(/not valid JSON|reset by Bearer \[redacted\]/);
      expect(log).not.toContain(TOKEN.slice(0, 8));
    }
  });

  it('has no API key that was replaced', async () => {
    const former = { status: 400, body: `The key ${TOKEN} is of old` };
    const log = await logOf(former, {}, { apiKey: TOKEN }, { apiKey: 'key-of-today' });
    expect(log).toContain('The key [redacted] is of old');
  });

  it('has no token of another caller that came by a replacement', async () => {
    const echo = { status: 400, body: 'Not sesame-for-others' };
    const before = { apiKey: TOKEN, accessTokens: ['token-of-this-caller'] };
    const accessTokens = ['token-of-this-caller', 'sesame-for-others'];
    const log = await logOf(echo, { authorization: 'Bearer token-of-this-caller' }, before, { accessTokens });
    expect(log).toContain('Not [redacted]');
  });

  it('has no piece that long credentials repeat', async () => {
    const secret = 'é'.repeat(15_000);
    const log = await logOf({ status: 401, body: 'No %C3%A9%C3%A9' }, { authorization: secret });
    expect(log).toContain('answered 401: No [redacted]');
  });

  it.each<[string, Record<string, string>, GatewayOptions, echo: string, logged: string]>([
    [
      'no decoded password',
      { authorization: `Basic ${Buffer.from('user:open/sesame/please').toString('base64')}` },
      {},
      'no user with password open/sesame/please at /open%2Fsesame%2Fplease',
      'no user with password [redacted] at /[redacted]',
    ],
    [
      'no short password',
      { authorization: `basic ${Buffer.from('operator:sesam').toString('base64')}` },
      {},
      'the password sesam',
      'the password [redacted]',
    ],
    [
      'no decoded password of the proxy',
      {},
      { upstreamProxy: 'http://user:open%2Fsesame%2Fplease@proxy.test:1' },
      'no user with password open/sesame/please',
      'no user with password [redacted]',
    ],
    ['no short secret', { authorization: 'abc' }, {}, 'the secret abc', 'the secret [redacted]'],
    [
      'neither the API key nor an access token',
      { authorization: 'Bearer token-of-this-caller' },
      { apiKey: TOKEN, accessTokens: ['token-of-another-caller', 'token-of-this-caller'] },
      `${TOKEN} token-of-another-caller token-of-this-caller`,
      '[redacted] [redacted] [redacted]',
    ],
    [
      'no header that an operator has added, but says which project it was',
      { 'x-bare-password': 'password open-sesame-please', 'x-project': 'some-project' },
      { forwardHeaders: ['X-Bare-Password'] },
      'No open-sesame-please in some-project',
      'No [redacted] in some-project',
    ],
  ])('has %s', async (_name, headers, config, body, logged) => {
    expect(await logOf({ status: 400, body }, headers, config)).toContain(`answered 400: ${logged}`);
  });
});

describe('What an upstream says of an error', () => {
  it.each([
    ['a query', `{ run(id: "${mixedRunId(1)}") { id } }`],
    [
      'a subscription that begins with a look-up',
      `subscription { runEvents(after: "${mixedRunId(1)}") { kind } }`,
    ],
  ])('is in the log only: %s', async (_name, query) => {
    const clock = stopClock();
    const warn = vi.fn<Log['warn']>();
    const refusal = { status: 401, body: { detail: 'No words for clients' } };
    await using opened = await openGatewayOver(() => refusal, { log: { ...silentLog, warn } });
    const request = graphqlRequest({ query }, { accept: 'text/event-stream, application/json' });
    const { body } = await clock.until(opened.gateway.fetch(request));
    const text = await clock.until(new Response(body).text());
    expect(text).toContain('"code":"UNAUTHENTICATED"');
    expect(text).not.toContain('words');
    expect(JSON.stringify(warn.mock.calls)).toContain('words');
  });
});
