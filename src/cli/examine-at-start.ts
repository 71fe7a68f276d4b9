import process from 'node:process';
import type { GatewayConfig } from '../config/program-options.ts';
import { examine, reportLine, START_CHECKS } from '../doctor/examine.ts';
import type { Log } from '../observability/log.ts';
import { openExaminedUpstream } from './doctor.ts';
import { isInteractive, print } from './terminal.ts';

/**
 * Examines the upstream while the gateway serves, and logs the result in one line, which a terminal shows too.
 * Disposing stops it.
 */
export function examineAtStart(config: GatewayConfig, upstreamUrl: string, log: Log): AsyncDisposable {
  const upstream = openExaminedUpstream(config, upstreamUrl);
  let isDisposed = false;
  const run = async (): Promise<void> => {
    const report = await examine(upstream, START_CHECKS);
    if (isDisposed) return;
    const line = reportLine(report);
    log[report.status === 'problem' ? 'warn' : 'info']({}, line);
    if (isInteractive()) print(process.stdout, [line]);
  };
  run().catch((error: unknown) => {
    if (!isDisposed) log.error({ err: error }, 'Unexpected error while the upstream was examined');
  });
  return {
    async [Symbol.asyncDispose]() {
      isDisposed = true;
      await upstream[Symbol.asyncDispose]();
    },
  };
}
