import process from 'node:process';
import { startEmbeddedApi } from '../../embedded-api/index.ts';
import { throwIfAny } from '../config/config-error.ts';
import type { CommandLineConfig as Config, ExaminedConfig } from '../config/config.ts';
import { examine, reportLine, reportText, START_CHECKS } from '../doctor/examine.ts';
import { createExaminedUpstream, type ExaminedUpstream } from '../doctor/examined-upstream.ts';
import type { Log } from '../observability/log.ts';
import { readAccessTokens } from '../server/access-tokens.ts';
import { openUpstreamTls, type UpstreamTls } from '../upstream/http/upstream-tls.ts';
import { MAX_UPSTREAM_BYTES } from '../upstream/response-body.ts';
import { isInteractive, print } from './terminal.ts';

const EXIT_CODE_PROBLEMS = 1;
/** Milliseconds for one request at most: a gateway may wait for minutes, who asks what is wrong won't. */
const MAX_TIMEOUT_MS = 30_000;

/** Examines the upstream that the gateway would serve, and prints the report. */
export async function doctor(
  { config, problems }: ExaminedConfig,
  { json }: { json: boolean },
): Promise<void> {
  throwIfAny(problems);
  await using embedded =
    config.upstreamUrl === undefined ? await startEmbeddedApi({ onError: throwError }) : undefined;
  const tls = openUpstreamTls(config);
  await using upstream = examinedUpstream(config, config.upstreamUrl ?? embedded?.baseUrl ?? '', tls);
  const report = await examine(upstream);
  const greeting =
    embedded === undefined ? [] : ['No upstream is set. This is the embedded runs API with sample runs:'];
  print(process.stdout, json ? [JSON.stringify(report, null, 2)] : [...greeting, ...reportText(report)]);
  if (report.status === 'problem') process.exitCode = EXIT_CODE_PROBLEMS;
}

/** Asks as the gateway does for callers without credentials. */
function examinedUpstream(config: Config, baseUrl: string, tls: UpstreamTls | undefined): ExaminedUpstream {
  const { apiKey, project, projectId } = config;
  return createExaminedUpstream({
    baseUrl,
    timeoutMs: Math.min(config.upstreamTimeoutMs, MAX_TIMEOUT_MS),
    maxBytes: MAX_UPSTREAM_BYTES,
    proxy: config.upstreamUrl === undefined ? undefined : config.upstreamProxy,
    tls,
    apiKey,
    project: {
      ...(project !== undefined && { 'x-project': project }),
      ...(projectId !== undefined && { 'x-project-id': projectId }),
    },
    secrets: readAccessTokens(config).map(({ token }) => token),
    dialect: config.upstreamDialect === 'auto' ? undefined : config.upstreamDialect,
  });
}

/**
 * Examines the upstream while the gateway serves it, and logs in one line what it is or what is wrong with it; at a
 * terminal the line is printed as well. Disposing ends that.
 */
export function examineAtStart(config: Config, upstreamUrl: string, log: Log): AsyncDisposable {
  const tls = openUpstreamTls(config);
  const upstream = examinedUpstream(config, upstreamUrl, tls);
  let isDisposed = false;
  const report = async (): Promise<void> => {
    const found = await examine(upstream, START_CHECKS);
    if (isDisposed) return;
    const line = reportLine(found);
    log[found.status === 'problem' ? 'warn' : 'info']({}, line);
    if (isInteractive()) print(process.stdout, [line]);
  };
  report().catch((error: unknown) => {
    if (!isDisposed) log.error({ err: error }, 'Unexpected error while the upstream was examined');
  });
  return {
    async [Symbol.asyncDispose]() {
      isDisposed = true;
      await upstream[Symbol.asyncDispose]();
    },
  };
}

function throwError(error: unknown): never {
  throw error;
}
