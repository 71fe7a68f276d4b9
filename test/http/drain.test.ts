import { createConnection } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { startProgram } from '../support/program.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';

async function isRefused(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    () => false,
    () => true,
  );
}

describe('A program told to stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s answers 64 queries in flight and ends with 0',
    async (signal) => {
      const held: (() => void)[] = [];
      await using upstream = await startRawUpstream((socket, request) => {
        held.push(() => answerWith(200, '[]')(socket, request));
      });
      await using program = startProgram(['--port', '0'], { LETTA_BASE_URL: upstream.baseUrl });
      const url = await program.url;
      // Different queries, so that none shares the upstream request of another.
      const answers = Array.from({ length: 64 }, async (_, index) => {
        const response = await fetch(`${url}/graphql?query={runs(first:${index + 1}){nodes{id}}}`);
        return response.json();
      });
      await expect.poll(() => held.length).toBe(64);
      program.process.kill(signal);
      await expect.poll(() => isRefused(url)).toBe(true);
      for (const release of held) release();
      const answer = { data: { runs: { nodes: [] } } };
      expect(await Promise.all(answers)).toEqual(Array.from(answers, () => answer));
      expect((await program.ended).code).toBe(0);
    },
  );

  it('cuts off what is not answered in time, and still ends with 0', async () => {
    await using upstream = await startRawUpstream(() => undefined);
    await using program = startProgram(['--port', '0'], {
      LETTA_BASE_URL: upstream.baseUrl,
      UPSTREAM_TIMEOUT_MS: '60000',
      DRAIN_TIMEOUT_MS: '200',
    });
    const asked = fetch(`${await program.url}/graphql?query={runs{nodes{id}}}`).catch(() => 'cut off');
    await expect.poll(() => upstream.heads.length).toBe(1);
    program.process.kill('SIGTERM');
    expect(await asked).toBe('cut off');
    expect((await program.ended).code).toBe(0);
  });

  it('says so at /ready on connections that are open, and closes them', async () => {
    const held: (() => void)[] = [];
    await using upstream = await startRawUpstream((socket, request) => {
      held.push(() => answerWith(200, '[]')(socket, request));
    });
    await using program = startProgram(['--port', '0'], { LETTA_BASE_URL: upstream.baseUrl });
    const { hostname, port } = new URL(await program.url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    // A query, and behind it on the same connection the question whether more may come.
    socket.write('GET /graphql?query={runs{nodes{id}}} HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await expect.poll(() => held.length).toBe(1);
    program.process.kill('SIGTERM');
    await expect.poll(() => isRefused(`http://${hostname}:${port}`)).toBe(true);
    socket.write('GET /ready HTTP/1.1\r\nhost: localhost\r\n\r\n');
    for (const release of held) release();
    await program.ended;
    expect(received).toContain('{"data":{"runs":{"nodes":[]}}}');
    expect(received).toMatch(/HTTP\/1\.1 503 [^]*connection: close[^]*\{"status":"draining"\}/i);
  });

  it('is not ready for a load balancer before it stops', async () => {
    await using gateway = await createGateway();
    const ready = async (): Promise<number> =>
      (await gateway.fetch(new Request('http://gateway/ready'))).status;
    expect(await ready()).toBe(200);
    gateway.startDraining();
    expect(await ready()).toBe(503);
  });
});
