import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../embedded-api/samples/random.ts';
import { type Program, startProgram } from '../support/program.ts';

export type Replicas = Awaited<ReturnType<typeof startReplicas>>;

/** A gateway in a process of its own. */
interface Replica extends Program {
  readonly graphql: string;
  /** False from the moment on in which it is told to end, or killed. */
  isServing: boolean;
}

/** Starts three gateways. @param blame is told what one must not do: end by itself or not with 0, or log an error */
export async function startReplicas(upstreamUrl: string, random: Random, blame: (problem: string) => void) {
  const env = { UPSTREAM_TIMEOUT_MS: '1000', DRAIN_TIMEOUT_MS: '4000', LOG_LEVEL: 'error' };
  const start = async (): Promise<Replica> => {
    const program = startProgram(['--port', '0'], { LETTA_BASE_URL: upstreamUrl, ...env });
    const replica = { ...program, graphql: `${await program.url}/graphql`, isServing: true };
    void program.ended.then(({ code, stderr }) =>
      replica.isServing || stderr !== '' ? blame(`a replica ended with ${code}: ${stderr}`) : undefined,
    );
    return replica;
  };
  const end = async (replica: Replica, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    replica.isServing = false;
    replica.process.kill(signal);
    const { code } = await replica.ended;
    if (signal === 'SIGTERM' && code !== 0) blame(`a replica ended with ${code} after SIGTERM`);
  };
  const replicas = await Promise.all([start(), start(), start()]);
  const counts = { SIGTERM: 0, SIGKILL: 0 };
  return {
    counts,
    /** One that serves, as a load balancer would choose it. */
    any: () => random.pick(replicas.filter(({ isServing }) => isServing) as [Replica, ...Replica[]]),
    /** Ends one after the other, and starts another one in its place, until a signal aborts. */
    async replace(over: AbortSignal): Promise<void> {
      for (let turn = 0; ; turn++) {
        await sleep(2_000, undefined, { signal: over }).catch(() => undefined);
        const replica = replicas[turn % replicas.length];
        if (over.aborted || replica === undefined) return;
        const signal = turn % 2 === 0 ? 'SIGTERM' : 'SIGKILL';
        counts[signal]++;
        await end(replica, signal);
        replicas[turn % replicas.length] = await start();
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(replicas.map((replica) => end(replica, 'SIGTERM')));
    },
  };
}
