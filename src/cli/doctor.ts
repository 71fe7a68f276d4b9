import process from 'node:process';
import { startEmbeddedApi } from '../../embedded-api/index.ts';
import { readAccessTokens } from '../access/access-tokens.ts';
import type { ReadGatewayConfig } from '../config/config.ts';
import type { GatewayConfig } from '../config/program-options.ts';
import { examine, reportLine, reportText, START_CHECKS } from '../doctor/examine.ts';
import { createExaminedUpstream, type ExaminedUpstream } from '../doctor/examined-upstream.ts';
import { throwIfAny } from '../errors/config-error.ts';
import type { Log } from '../observability/log.ts';
import { MAX_UPSTREAM_BYTES } from '../upstream/body-chunks.ts';
import { openUpstreamTls } from '../upstream/http/upstream-tls.ts';
import { EXIT_CODE_PROBLEMS, isInteractive, print } from './terminal.ts';

/** The largest timeout of one request, in milliseconds: a person waits for the report. */
const MAX_TIMEOUT_MS = 30_000;

/** Examines the upstream that the gateway would serve, and prints the report. */
export async function doctor(
  { config, problems }: ReadGatewayConfig,
  { json }: { json: boolean },
): Promise<void> {
  throwIfAny(problems);
  await using embedded =
    config.upstreamUrl === undefined ? await startEmbeddedApi({ onError: throwError }) : undefined;
  await using upstream = openExaminedUpstream(config, config.upstreamUrl ?? embedded?.baseUrl ?? '');
  const report = await examine(upstream);
  const greeting =
    embedded === undefined ? [] : ['No upstream is set. This is the embedded runs API with sample runs:'];
  print(process.stdout, json ? [JSON.stringify(report, null, 2)] : [...greeting, ...reportText(report)]);
  if (report.status === 'problem') process.exitCode = EXIT_CODE_PROBLEMS;
}

/**
 * Examines the upstream while the gateway serves, and logs the result in one line, which a terminal shows too.
 * Disposing stops it.
 */
export function examineAtStart(config: GatewayConfig, upstreamUrl: string, log: Log): AsyncDisposable {
  const examination = new AsyncDisposableStack();
  const upstream = examination.use(openExaminedUpstream(config, upstreamUrl));
  const run = async (): Promise<void> => {
    const report = await examine(upstream, START_CHECKS);
    if (examination.disposed) return;
    const line = reportLine(report);
    log[report.status === 'problem' ? 'warn' : 'info']({}, line);
    if (isInteractive()) print(process.stdout, [line]);
  };
  run().catch((error: unknown) => {
    if (!examination.disposed) log.error({ err: error }, 'Unexpected error while the upstream was examined');
  });
  return examination;
}

/** Opens the upstream with the credentials that the gateway sends for callers without any. */
function openExaminedUpstream(config: GatewayConfig, upstreamUrl: string): ExaminedUpstream {
  const { project, projectId } = config;
  return createExaminedUpstream({
    ...config,
    upstreamUrl,
    upstreamTimeoutMs: Math.min(config.upstreamTimeoutMs, MAX_TIMEOUT_MS),
    maxBytes: MAX_UPSTREAM_BYTES,
    tls: openUpstreamTls(config),
    project: {
      ...(project !== undefined && { 'x-project': project }),
      ...(projectId !== undefined && { 'x-project-id': projectId }),
    },
    secrets: readAccessTokens(config).map(({ token }) => token),
  });
}

function throwError(error: unknown): never {
  throw error;
}
