import process from 'node:process';
import { startEmbeddedApi } from '../../embedded-api/index.ts';
import type { EmbeddedApiConfig } from './embedded-api-settings.ts';
import { listening, stopSignal } from './start-and-stop.ts';
import { print } from './terminal.ts';

/** Serves the embedded runs API without a gateway until SIGINT or SIGTERM. @throws ConfigError */
export async function serveEmbeddedApi(config: EmbeddedApiConfig): Promise<void> {
  await using api = await listening(startEmbeddedApi({ ...config, onError: report }), '--host, --port');
  // Before the address is printed, since its reader may send a signal at once.
  const stopped = stopSignal(['SIGINT', 'SIGTERM', 'SIGHUP']);
  print(process.stdout, [
    `Runs API with ${api.count} runs and ${config.dialect} cursors: ${api.baseUrl}/v1/runs/`,
    ...(config.profile === 'cloud'
      ? ['It imitates Letta Cloud: send any token as `Authorization: Bearer TOKEN`.']
      : []),
    ...(config.live ? ['Runs are created and end while it is up.'] : []),
  ]);
  await stopped;
}

function report(error: unknown): void {
  print(process.stderr, [`Unexpected error: ${error instanceof Error ? error.stack : String(error)}`]);
}
