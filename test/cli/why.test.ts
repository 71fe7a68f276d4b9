import process from 'node:process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { why } from '../../src/cli/why.ts';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/server/listen.ts';
import { execute } from '../support/execute.ts';
import { serve } from '../support/serve.ts';

const RUN = {
  id: 'run-593017d8-4087-4a13-b3d3-aaac50b56231',
  agent_id: 'agent-1',
  created_at: '2025-01-01T00:00:00Z',
};

/** Runs the command, and returns what it prints. */
async function ask(adminUrl: string | undefined, id?: string, json = false) {
  let [stdout, stderr] = ['', ''];
  const out = vi
    .spyOn(process.stdout, 'write')
    .mockImplementation((text) => ((stdout += String(text)), true));
  const err = vi
    .spyOn(process.stderr, 'write')
    .mockImplementation((text) => ((stderr += String(text)), true));
  process.exitCode = undefined;
  await why({ config: { adminUrl, json }, id });
  out.mockRestore();
  err.mockRestore();
  const { exitCode } = process;
  process.exitCode = undefined;
  return { stdout, stderr, exitCode };
}

afterEach(() => {
  process.exitCode = undefined;
});

async function startGateway() {
  const upstream = await serve(async (request, response) => {
    const limit = new URL(request.url ?? '', 'http://upstream').searchParams.get('limit');
    if (limit === '5') await new Promise((resolve) => setTimeout(resolve, 300));
    const status = limit === '3' ? 403 : 200;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(status === 200 ? [RUN] : { detail: 'actor-4711 \u001b[31mis not allowed' }));
  });
  const gateway = await createGateway({
    upstreamUrl: upstream.baseUrl,
    upstreamDialect: 'reversed',
    accessTokens: ['alice:secret-of-alice'],
    apiKey: 'key',
    maxCost: 5_000,
    adminPort: 0,
  });
  const admin = await listen(gateway.admin);
  return {
    gateway,
    adminUrl: admin.url,
    async [Symbol.asyncDispose]() {
      await admin[Symbol.asyncDispose]();
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

describe('runs-gateway why', () => {
  it('explains an operation that was refused, one that failed, and one that was slow', async () => {
    await using started = await startGateway();
    const { gateway, adminUrl } = started;
    const send = (id: string, query: string, token = 'secret-of-alice') =>
      execute(gateway, query, undefined, {
        authorization: `Bearer ${token}`,
        'x-request-id': id,
        'graphql-client-name': 'phone',
      });
    await send(
      'refused',
      'query Dear { runs(first: 900, agentId: "agent-secret") { nodes { steps(first: 100) { nodes { id } } } } }',
    );
    await send(
      'failed',
      'query Failing($first: Int = 3) { runs(first: $first, statuses: [FAILED]) { nodes { id } } }',
    );
    await send('slow', 'query Slow { runs(first: 5) { nodes { id } } }');
    await send('anonymous', '{ runs { nodes { id } } }', 'wrong');

    const refused = await ask(adminUrl, 'refused');
    expect(refused.stdout).toMatch(/^\S+Z {2}Operation {2}COST_LIMIT_EXCEEDED {2}\S+ ms {2}alice {2}Dear\n/);
    expect(refused.stdout).toMatch(/\n {2}why {9}\S.*5000/);
    const failed = await ask(adminUrl, 'failed');
    expect(failed.stdout).toMatch(/Upstream error {2}FORBIDDEN/);
    expect(failed.stdout).toContain('GET /v1/runs/ answered 403: {"detail":"actor-4711');
    expect(failed.stdout).toMatch(/\n {2}operation {3}query Failing\n/);
    expect(failed.stdout).toContain(
      'query Failing($first: Int) { runs(first: $_, statuses: $_) { nodes { id } } }',
    );
    expect(failed.stdout).toMatch(/GET \/v1\/runs\/, FORBIDDEN \(403\), \S+ ms/);
    expect(failed.stdout).toMatch(/\n {2}client {6}phone\n/);
    const slow = await ask(adminUrl, 'slow');
    expect(slow.stdout).toMatch(/OK {2}\d{3}\S* ms {2}alice {2}Slow\n/);
    expect(slow.stdout).toMatch(/GET \/v1\/runs\/, 200, \d{3}\S* ms, 1 rows/);
    const anonymous = await ask(adminUrl, 'anonymous');
    expect(anonymous.stdout).toMatch(/Refused {2}UNAUTHENTICATED/);

    const all = await ask(adminUrl);
    expect(all.stdout).toMatch(/Latest refusals and errors\n.*anonymous\n/);
    expect(all.stdout).toMatch(/Slowest operations\n.* {2}slow\n/);
    const printed = [refused, failed, slow, anonymous, all].map(({ stdout }) => stdout).join('');
    expect(printed).not.toMatch(/agent-secret|secret-of-|\p{Cc}(?<!\n)|run-593017d8/u);
    expect(JSON.parse((await ask(adminUrl, 'slow', true)).stdout)).toMatchObject({
      rememberedMs: 3_600_000,
      incidents: [
        { requestId: 'slow', code: 'OK', caller: 'alice', operation: { name: 'Slow', upstreamRequests: 1 } },
      ],
    });
  });

  it('says what to do where nothing is remembered, and where no gateway tells it', async () => {
    await using started = await startGateway();
    const unknown = await ask(started.adminUrl, 'never-seen');
    expect(unknown).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('for 60 minutes') });
    const open = await ask(undefined);
    expect(open).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Set ADMIN_PORT') });
    await using other = await serve((_request, response) => response.writeHead(404).end());
    expect((await ask(other.baseUrl)).stderr).toContain('answered 404');
    expect((await ask('http://127.0.0.1:1')).stderr).toContain('No gateway answers at http://127.0.0.1:1');
  });

  it('is told on the admin port only', async () => {
    await using started = await startGateway();
    const response = await started.gateway.fetch(new Request('http://gateway/why'));
    expect(response.status).toBe(404);
  });
});
