import { describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { startProgram } from '../support/program.ts';
import { sendRaw } from '../support/raw-request.ts';
import { answerWith, startRawUpstream, type RawUpstream } from '../support/raw-upstream.ts';

function startHealthyUpstream(): Promise<RawUpstream> {
  return startRawUpstream(answerWith(200, '{"version":"0.16.7"}'));
}

async function get(handler: Pick<Gateway, 'fetch'>, path: string, token?: string) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await handler.fetch(new Request(`http://gateway${path}`, { headers }));
  return { status: response.status, text: await response.text() };
}

describe('Without an admin port', () => {
  it('/ready tells only those about the upstream who show an access token', async () => {
    await using upstream = await startHealthyUpstream();
    const config = { upstreamUrl: upstream.baseUrl, apiKey: 'key' };
    await using locked = await createGateway({ ...config, accessTokens: ['token'] });
    await using open = await createGateway(config);
    const bare = { status: 200, text: '{"status":"ready"}' };
    expect(await get(locked, '/ready')).toEqual(bare);
    expect(await get(locked, '/ready', 'other')).toEqual(bare);
    expect(await get(open, '/ready')).toEqual(bare);
    expect(await get(open, '/ready', 'token')).toEqual(bare);
    expect(JSON.parse((await get(locked, '/ready', 'token')).text)).toMatchObject({
      status: 'ready',
      upstream: { url: upstream.baseUrl, version: '0.16.7' },
    });
  });

  it('/metrics asks for an access token if there are any', async () => {
    const upstreamUrl = 'http://127.0.0.1:1';
    await using locked = await createGateway({ upstreamUrl, accessTokens: ['token'] });
    await using open = await createGateway({ upstreamUrl });
    expect(await get(locked, '/metrics')).toMatchObject({
      status: 401,
      text: expect.stringContaining('UNAUTHENTICATED'),
    });
    expect((await get(locked, '/metrics', 'token')).text).toContain('runs_gateway_');
    expect((await get(open, '/metrics')).status).toBe(200);
  });
});

describe('With an admin port', () => {
  it('metrics and details are served there, and nowhere else', async () => {
    await using upstream = await startHealthyUpstream();
    const config = { upstreamUrl: upstream.baseUrl, accessTokens: ['token'], adminPort: 0 };
    await using gateway = await createGateway(config);
    const { status, text } = await get(gateway, '/metrics', 'token');
    expect(status).toBe(404);
    expect(text).toContain('Not found. Available paths: / (for browsers), /graphql, /health and /ready.');
    expect((await get(gateway, '/ready', 'token')).text).toBe('{"status":"ready"}');
    expect((await get(gateway, '/health')).status).toBe(200);
    expect((await get(gateway.admin, '/metrics')).text).toContain('runs_gateway_');
    expect((await get(gateway.admin, '/ready')).text).toContain(upstream.baseUrl);
    expect((await get(gateway.admin, '/health')).status).toBe(200);
    expect((await get(gateway.admin, '/graphql?query={__typename}')).status).toBe(404);
  });

  it('the program says where it is, and listens there until the end', async () => {
    await using upstream = await startHealthyUpstream();
    await using program = startProgram(['--port', '0', '--admin-port', '0'], {
      LETTA_BASE_URL: upstream.baseUrl,
      DRAIN_GRACE_MS: '60000',
    });
    await program.url;
    const address = () => /Metrics and readiness: (http:\S+)\/metrics/.exec(program.printed())?.[1];
    await expect.poll(address).toBeDefined();
    const admin = address() ?? '';
    const text = async (path: string) => (await fetch(admin + path)).text();
    expect(await text('/metrics')).toContain('runs_gateway_log_lines_dropped_total 0');
    expect(await text('/ready')).toContain(upstream.baseUrl);
    program.process.kill('SIGTERM');
    await expect.poll(() => text('/ready')).toBe('{"status":"draining"}');
    program.process.kill('SIGTERM');
    await program.ended;
  });

  it('the program serves the same hosts there', async () => {
    await using program = startProgram(['--port', '0', '--admin-port', '0'], { ALLOWED_HOSTS: 'ops.test' });
    await program.url;
    const address = () => /Metrics and readiness: (http:\S+)\/metrics/.exec(program.printed())?.[1];
    await expect.poll(address).toBeDefined();
    const statusFor = async (host: string) =>
      (await sendRaw(address() ?? '', ['GET /health HTTP/1.1', `Host: ${host}`])).slice(9, 12);
    expect([await statusFor('ops.test'), await statusFor('evil.test')]).toEqual(['200', '421']);
  });

  it('a port that is already in use is named, and the program exits with 2', async () => {
    await using upstream = await startHealthyUpstream();
    const { port } = new URL(upstream.baseUrl);
    await using program = startProgram(['--port', '0', '--admin-port', port]);
    expect(await program.ended).toEqual({
      code: 2,
      stdout: '',
      stderr: `ADMIN_PORT: 127.0.0.1:${port} is already in use; choose a free one with --admin-port\nSee runs-gateway --help.\n`,
    });
  });
});
