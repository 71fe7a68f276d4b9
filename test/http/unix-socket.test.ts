import { once } from 'node:events';
import { existsSync, linkSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/server/listen.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'socket-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns the status of a request by a socket. */
async function ask(socketPath: string, host: string): Promise<number | undefined> {
  const sent = request({ socketPath, path: '/health', headers: { host } }).end();
  const [response] = await once(sent, 'response');
  response.resume();
  return response.statusCode;
}

describe('A gateway on a Unix socket', () => {
  it('serves any host, as its user and group may, until it is disposed of', async () => {
    const socketPath = path.join(folder, 'served.sock');
    await using gateway = await createGateway({ socketPath });
    const listener = await listen(gateway);
    expect(listener.url).toBe(`http://unix:${socketPath}:`);
    expect(statSync(socketPath).mode.toString(8)).toBe('140660');
    expect(await ask(socketPath, 'runs.example.com')).toBe(200);
    await expect(listen(gateway)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(await ask(socketPath, 'localhost')).toBe(200);
    await listener[Symbol.asyncDispose]();
    expect(existsSync(socketPath)).toBe(false);
  });

  it('serves the allowed hosts where they are set', async () => {
    const socketPath = path.join(folder, 'hosts.sock');
    await using gateway = await createGateway({ socketPath, allowedHosts: ['runs.example.com'] });
    await using _listener = await listen(gateway);
    expect(await ask(socketPath, 'runs.example.com')).toBe(200);
    expect(await ask(socketPath, 'other.example.com')).toBe(421);
  });

  it('takes the place of one that was killed, and of nothing else', async () => {
    const socketPath = path.join(folder, 'stale.sock');
    const killed = createServer().listen(socketPath);
    await once(killed, 'listening');
    // What is left after a SIGKILL: the file, and no process that listens.
    const kept = path.join(folder, 'kept.sock');
    linkSync(socketPath, kept);
    killed.close();
    await once(killed, 'close');
    await using gateway = await createGateway({ socketPath: kept });
    // Of two that find it at once, one gets it.
    const both = await Promise.allSettled([listen(gateway), listen(gateway)]);
    await using _listener = both.find((each) => each.status === 'fulfilled')?.value;
    const refused = both.filter((each) => each.status === 'rejected');
    expect(refused).toMatchObject([{ reason: { code: 'EADDRINUSE' } }]);
    expect(await ask(kept, 'localhost')).toBe(200);

    const file = path.join(folder, 'file');
    writeFileSync(file, 'precious');
    await expect(listen(gateway, { socketPath: file })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });
});
