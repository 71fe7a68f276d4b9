import process from 'node:process';
import { EXIT_CODE_PROBLEMS, print } from '../terminal.ts';
import { lineOf, readable } from './forms.ts';
import { sampleNotices } from './notice.ts';
import type { WatchConfig } from './settings.ts';
import { createWebhook, type Deliver } from './webhook.ts';

/** Returns what sends notices to the webhook, or prints them where there is none. */
export function createDeliver(config: WatchConfig, proxy: string | undefined): Deliver {
  const { webhook, json } = config;
  if (webhook !== undefined) return createWebhook({ ...config, webhook }, proxy);
  return (notice, agentName) => printLine(lineOf(readable(notice, agentName, config), json));
}

/** Sends one sample of each type of notice, and says on standard error what became of it. */
export async function sendSamples(deliver: Deliver): Promise<void> {
  for (const notice of sampleNotices(Date.now())) {
    const failure = await deliver(notice, undefined);
    if (failure !== undefined) process.exitCode = EXIT_CODE_PROBLEMS;
    print(process.stderr, [`${notice.type}: ${failure?.message ?? 'delivered'}`]);
  }
}

function printLine(line: string): ReturnType<Deliver> {
  return new Promise((resolve) => {
    process.stdout.write(`${line}\n`, (error) => resolve(error ? { message: error.message } : undefined));
  });
}
