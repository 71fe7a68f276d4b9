import { freePort } from '../support/free-port.ts';
import { type Program, startProgram } from '../support/program.ts';
import { startNginx } from './nginx.ts';

/** A gateway in a process of its own, which comes back at the same port. */
export interface Replica {
  readonly port: number;
  start(): Promise<void>;
  /** Ends it, and resolves with its exit code; null after SIGKILL. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  pause(): void;
  resume(): void;
}

export interface Replicas extends AsyncDisposable {
  /** GraphQL behind nginx. */
  readonly url: string;
  readonly replicas: readonly Replica[];
}

/** Starts three gateways behind the shipped nginx file. */
export async function startReplicas(
  upstreamUrl: string,
  options: { readonly readTimeoutSeconds?: number } = {},
): Promise<Replicas> {
  await using starting = new AsyncDisposableStack();
  const ports = [await freePort(), await freePort(), await freePort()];
  const replicas = ports.map((port) => {
    const replica = createReplica(port, upstreamUrl);
    starting.use(replica);
    return replica;
  });
  await Promise.all(replicas.map((replica) => replica.start()));
  const nginx = starting.use(await startNginx({ ports, ...options }));
  const parts = starting.move();
  return {
    url: `${nginx.url}/graphql`,
    replicas,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function createReplica(port: number, upstreamUrl: string): Replica & AsyncDisposable {
  let program: Program | undefined;
  return {
    port,
    async start() {
      program = startProgram(['--port', String(port)], { LETTA_BASE_URL: upstreamUrl });
      await program.url;
    },
    async stop(signal) {
      program?.process.kill(signal);
      return (await program?.ended)?.code ?? null;
    },
    pause: () => void program?.process.kill('SIGSTOP'),
    resume: () => void program?.process.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      await program?.[Symbol.asyncDispose]();
    },
  };
}
