import { createServer } from 'node:net';
import { listenOn } from './listen-on.ts';

/** A port that was free a moment ago, for a program that can't choose one, or comes back to it. */
export async function freePort(): Promise<number> {
  await using listening = await listenOn(createServer());
  return listening.port;
}
