import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { createGateway } from '../../../src/gateway.ts';
import type { Log } from '../../../src/observability/log.ts';
import { silentLog } from '../../../src/observability/log.ts';
import { redact } from '../../../src/upstream/http/redact.ts';
import { execute } from '../../support/execute.ts';
import { answerWith, startRawUpstream } from '../../support/raw-upstream.ts';

const TOKEN = 'sk-let-0123456789-abcdefghij';
const BASIC = `Basic ${Buffer.from('user:open-sesame-please').toString('base64')}`;

/** All that is logged about one query whose upstream answers with this. */
async function logOf(
  status: number,
  body: string,
  authorization?: string,
  config: Partial<Config> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const lines: string[] = [];
  const write = (fields: object, message: string): void => {
    const { err } = fields as { err?: Error };
    // As a logger does: message, stack and other properties, of causes as well.
    for (let error: unknown = err; error instanceof Error; error = error.cause) {
      lines.push(
        error.message,
        error.stack ?? '',
        JSON.stringify(Object.fromEntries(Object.entries(error)), (_key, value: unknown) =>
          value instanceof Uint8Array ? Buffer.from(value).toString() : value,
        ),
      );
    }
    lines.push(message);
  };
  const log: Log = { ...silentLog, warn: write, error: write };
  await using upstream = await startRawUpstream(answerWith(status, body));
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, log, ...config });
  await execute(
    gateway,
    '{ runs { nodes { id } } }',
    undefined,
    authorization === undefined ? headers : { authorization, ...headers },
  );
  return lines.join('\n');
}

describe('The log of an upstream that echoes credentials', () => {
  it.each([400, 401, 500, 503, 302])('has none of them for a status of %i', async (status) => {
    const log = await logOf(status, `{"detail":"Invalid token: Bearer ${TOKEN}"}`, `Bearer ${TOKEN}`);
    expect(log).toContain(`answered ${status}: {"detail":"Invalid token: Bearer [redacted]"}`);
    expect(log).not.toContain(TOKEN.slice(0, 8));
  });

  it.each<[string, string]>([
    ['without its scheme', TOKEN],
    ['in two halves', `${TOKEN.slice(0, 14)} ... ${TOKEN.slice(14)}`],
    ['in a list of parts', JSON.stringify(['Bearer', TOKEN.slice(0, 10), TOKEN.slice(10)])],
    ['shortened', `${TOKEN.slice(0, 12)}…`],
    ['again and again', `${TOKEN} ${TOKEN}${TOKEN}`],
    ['where the text is cut', `${'x '.repeat(240)}${TOKEN}`],
  ])('has no part of them when they come %s', async (_name, text) => {
    for (const status of [400, 500]) {
      const log = await logOf(status, text, `Bearer ${TOKEN}`);
      expect(log).toContain('[redacted]');
      for (let i = 0; i + 8 <= TOKEN.length; i++) expect(log).not.toContain(TOKEN.slice(i, i + 8));
    }
  });

  it('has none of them in the causes of a body that is not JSON', async () => {
    const log = await logOf(200, `Bearer ${TOKEN}`, `Bearer ${TOKEN}`);
    expect(log).toContain('the response is not valid JSON');
    expect(log).not.toContain(TOKEN.slice(0, 8));
  });

  it('has no decoded password', async () => {
    const log = await logOf(400, 'no user with password open-sesame-please', BASIC);
    expect(log).toContain('no user with password [redacted]');
  });

  it('has neither the API key nor an access token', async () => {
    const config = { apiKey: TOKEN, accessTokens: ['token-of-another-caller', 'token-of-this-caller'] };
    const body = `${TOKEN} token-of-another-caller token-of-this-caller`;
    const log = await logOf(400, body, 'Bearer token-of-this-caller', config);
    expect(log).toContain('answered 400: [redacted] [redacted] [redacted]');
  });

  it('has none of what a header holds that an operator has added, but says which project it was', async () => {
    const headers = { 'x-bare-password': 'password open-sesame-please', 'x-project': 'some-project' };
    for (const status of [400, 503]) {
      const echo = 'No open-sesame-please in some-project';
      const log = await logOf(status, echo, undefined, { forwardHeaders: ['X-Bare-Password'] }, headers);
      expect(log).toContain('No [redacted] in some-project');
    }
  });

  it('has none of them from a response that breaks HTTP', async () => {
    const lines: unknown[] = [];
    const log: Log = { ...silentLog, warn: (fields) => void lines.push(fields) };
    await using upstream = await startRawUpstream((socket) => {
      socket.end(`HTTP/1.1 200 OK\r\nauthorization ${TOKEN}\r\n\r\n`);
    });
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, log });
    await execute(gateway, '{ runs { nodes { id } } }', undefined, { authorization: `Bearer ${TOKEN}` });
    const { err } = lines[0] as { err: Error };
    const cause = err.cause as Error & { data?: unknown };
    expect([err.message, cause.name, cause.data]).toEqual([
      expect.stringContaining('GET /v1/runs/ failed'),
      'HTTPParserError',
      undefined,
    ]);
  });
});

it.each([
  ['nothing to hide', [], 'nothing to hide'],
  ['a short secret: abc', ['abc'], 'a short secret: [redacted]'],
  ['no secret at all', [''], 'no secret at all'],
  ['the word Bearer stays', ['Bearer abcdefgh'], 'the word Bearer stays'],
])('Redacting %j with %j gives %j', (text, secrets, expected) => {
  expect(redact(text, secrets)).toBe(expected);
});
