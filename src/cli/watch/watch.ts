import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../../client/api-error.ts';
import { proxyFor } from '../../config/proxy.ts';
import type { Environment } from '../../config/read-settings.ts';
import { throwIfAny } from '../../errors/config-error.ts';
import { requireAgent } from '../gateway-client/documents.ts';
import { followRuns } from '../gateway-client/follow-runs.ts';
import { type Report, runClient } from '../gateway-client/run-client.ts';
import { createAgentNames } from './agent-names.ts';
import { createDeliver, sendSamples } from './deliver.ts';
import { beat } from './heartbeat.ts';
import { newMemory, type Step } from './memory.ts';
import { missed, type Notice } from './notice.ts';
import { createOutbox } from './outbox.ts';
import { readActive, readBeginning, readPaused, readPending } from './read-list.ts';
import { appendRefused } from './refused-file.ts';
import * as rules from './rules.ts';
import { pollMsOf, type WatchConfig, watchProblems } from './settings.ts';
import { openStateFile, type StateFile } from './state-file.ts';
import type { Deliver } from './webhook.ts';

/** Milliseconds between looks at the time, and between writes of the state file, also after one has failed. */
const TICK_MS = 1_000;
const SAVE_INTERVAL_MS = 500;
const SAVE_AGAIN_MS = 15_000;

/** Sends what the rules find to a receiver, without end; with `test`, one sample of each type. @throws ConfigError */
export async function watch(config: WatchConfig, env: Environment): Promise<void> {
  const [toWebhook, toHeartbeat] = [proxyFor(config.webhook, env), proxyFor(config.heartbeat, env)];
  // A Set, since both URLs may have the same proxy, and so the same problems.
  const ofProxies = new Set([...toWebhook.problems, ...toHeartbeat.problems]);
  throwIfAny([...watchProblems(config), ...ofProxies]);
  const deliver = createDeliver(config, toWebhook.proxy);
  if (config.test) return sendSamples(deliver);
  using file = config.state === undefined ? undefined : openStateFile(config.state, config);
  await runClient('watch', config, (report) =>
    watchRuns(config, { file, deliver, heartbeatProxy: toHeartbeat.proxy, report }),
  );
}

interface Receivers {
  readonly file: StateFile | undefined;
  readonly deliver: Deliver;
  readonly heartbeatProxy: string | undefined;
  readonly report: Report;
}

async function watchRuns(
  config: WatchConfig,
  { file, deliver, heartbeatProxy, report }: Receivers,
): Promise<void> {
  const { saved } = file ?? {};
  let cursor = saved?.cursor;
  let memory = newMemory(randomUUID(), saved?.memory);
  let changed = Promise.withResolvers<void>();
  /** Runs that were active when the file was saved: they may have failed since. */
  const savedIds = Object.keys(memory.active);
  /** The time since which runs may have ended unnoticed, by the file. It is infinite once the list was read again. */
  let savedSince = rules.knownSince(memory);
  let isConnected = false;
  const nameOf = createAgentNames(config);
  const outbox = createOutbox(saved?.waiting ?? [], {
    send: async (notice) => deliver(notice, notice.run && (await nameOf(notice.run.agentId))),
    async setAside(notice, reason) {
      if (config.state === undefined) report(`set aside: ${JSON.stringify(notice)}`);
      else await appendRefused(`${config.state}.refused.jsonl`, notice, reason);
    },
    onChange: () => changed.resolve(),
  });
  const apply = ([next, notices]: Step): void => {
    memory = next;
    outbox.add(notices);
    if (notices.length > 0) changed.resolve();
  };
  /** Reads the list as it is, and reports the failures since a time, in milliseconds since 1970. */
  const begin = async (since: number, before: readonly Notice[] = []): Promise<string> => {
    const known = new Set([...savedIds, ...Object.keys(memory.active)]);
    const { newest, active, failed, ...list } = await readBeginning(config, since, known);
    apply([memory, before]);
    for (const run of failed) apply(rules.onRun(memory, { runId: run.id, run }, Date.now(), config));
    apply(rules.onActiveRuns(memory, active, Date.now(), config));
    memory = { ...memory, newest: newest?.createdAt ?? memory.newest };
    cursor = list.cursor;
    savedSince = Infinity;
    changed.resolve();
    return list.cursor;
  };
  const recover = (code: string): Promise<string> =>
    begin(Math.min(savedSince, rules.knownSince(memory)), [missed(String(cursor), code, Date.now())]);
  const onConnected = (isNow: boolean): void => {
    isConnected = isNow;
  };
  const followList = async (): Promise<void> => {
    // A file that was saved when there were no runs has no cursor.
    const after = cursor ?? (await begin(-Infinity));
    for await (const event of followRuns(config, after, report, recover, onConnected)) {
      cursor = event.cursor;
      apply(rules.onRun(memory, event, Date.now(), config));
      changed.resolve();
    }
  };
  const lookAtTime = async (): Promise<never> => {
    for (; ; await pause(TICK_MS)) apply(rules.onTime(memory, Date.now(), config));
  };
  const pollPending = async (waiting: string): Promise<never> => {
    for (; ; await pause(pollMsOf(waiting))) {
      try {
        const pending = await readPending(config);
        const unread = pending.filter(({ approval }) => approval === null).length;
        if (unread > 0) report(`approvals: ${unread} could not be read`);
        apply(rules.onPending(memory, pending, Date.now(), waiting));
        apply(rules.onPaused(memory, await readPaused(config, rules.unlisted(memory, pending)), Date.now()));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        report(`approvals: ${error.message}`);
      }
    }
  };
  /** @returns whether it was saved. If not, a restart sends notices again, with the same ids as before. */
  const save = async (to: StateFile): Promise<boolean> => {
    try {
      await to.save({ cursor, memory, waiting: outbox.waiting() });
      return true;
    } catch (error) {
      report(`--state: ${Object(error).message}; trying again`);
      changed.resolve();
      return false;
    }
  };
  const saveChanges = async (to: StateFile): Promise<never> => {
    for (let isSaved = true; ; await pause(isSaved ? SAVE_INTERVAL_MS : SAVE_AGAIN_MS)) {
      await changed.promise;
      changed = Promise.withResolvers();
      isSaved = await save(to);
    }
  };

  if (saved === undefined) await begin(Infinity);
  else apply(rules.onActiveRuns(memory, await readActive(config), Date.now(), config));
  await requireAgent(config);
  // Saved before anything is sent, since a restart must continue with the same `series` in the ids of notices.
  if (file !== undefined) await save(file);
  return Promise.race([
    followList(),
    lookAtTime(),
    outbox.run(report),
    ...(config.waiting === undefined ? [] : [pollPending(config.waiting)]),
    ...(file === undefined ? [] : [saveChanges(file)]),
    ...(config.heartbeat === undefined
      ? []
      : [beat(config.heartbeat, heartbeatProxy, () => isConnected && outbox.isWell(), report)]),
  ]);
}

/** Waits without keeping the process alive, so that it ends when the gateway can't be followed. */
function pause(ms: number): Promise<void> {
  return sleep(ms, undefined, { ref: false });
}
