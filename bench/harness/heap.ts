import { once } from 'node:events';
import { createServer } from 'node:net';

/** The heap of another process, by its inspector. */
export interface HeapProbe extends Disposable {
  /** Megabytes that are in use after everything that is garbage was collected. */
  usedMb(): Promise<number>;
  /** Megabytes that are in use now, with whatever is garbage. */
  nowMb(): Promise<number>;
}

/** A port of this machine that nobody has now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port');
  return address.port;
}

/** Of a process that was started with `--inspect=127.0.0.1:<port>`. */
export async function openHeapProbe(port: number): Promise<HeapProbe> {
  const targets: { webSocketDebuggerUrl: string }[] = JSON.parse(
    await (await fetch(`http://127.0.0.1:${port}/json/list`)).text(),
  );
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? '');
  await once(socket, 'open');
  let calls = 0;
  const call = async (method: string): Promise<{ usedSize?: number }> => {
    const own = ++calls;
    socket.send(JSON.stringify({ id: own, method }));
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- The answers to other calls may come before.
      const [{ data }] = await once(socket, 'message');
      const { id, result }: { id?: number; result: { usedSize?: number } } = JSON.parse(String(data));
      if (id === own) return result;
    }
  };
  const nowMb = async (): Promise<number> => {
    const { usedSize = Number.NaN } = await call('Runtime.getHeapUsage');
    return usedSize / 1024 / 1024;
  };
  return {
    async usedMb() {
      // The first leaves what was only held by finalizers.
      await call('HeapProfiler.collectGarbage');
      await call('HeapProfiler.collectGarbage');
      return await nowMb();
    },
    nowMb,
    [Symbol.dispose]: () => socket.close(),
  };
}
