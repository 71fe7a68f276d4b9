import process from 'node:process';
import { startEmbeddedApi } from '../../embedded-api/index.ts';
import type { CommandLineConfig as Config } from '../config/config.ts';
import { examine } from '../doctor/examine.ts';
import { createExaminedUpstream, type ExaminedUpstream } from '../doctor/examined-upstream.ts';
import { hasProblems } from '../doctor/finding.ts';
import { reportJson, reportLine, reportText } from '../doctor/report-text.ts';
import type { Log } from '../observability/log.ts';
import { readAccessTokens } from '../server/access-tokens.ts';
import { openUpstreamTls, type UpstreamTls } from '../upstream/http/upstream-tls.ts';
import { MAX_UPSTREAM_BYTES } from '../upstream/limits.ts';
import { isInteractive, print } from './terminal.ts';

const EXIT_CODE_PROBLEMS = 1;
/** Milliseconds for one request at most: a gateway may wait for minutes, an operator who asks what is wrong won't. */
const MAX_TIMEOUT_MS = 30_000;

/** Examines the upstream that the gateway would serve, and prints the report. */
export async function doctor({ config, json }: { config: Config; json: boolean }): Promise<void> {
  await using embedded =
    config.upstreamUrl === undefined ? await startEmbeddedApi({ onError: throwError }) : undefined;
  const tls = openUpstreamTls(config);
  await using upstream = examinedUpstream(config, config.upstreamUrl ?? embedded?.baseUrl ?? '', tls);
  const report = await examine(upstream);
  const greeting =
    embedded === undefined ? [] : ['No upstream is set. This is the embedded runs API with sample runs:'];
  print(process.stdout, json ? [reportJson(report)] : [...greeting, ...reportText(report)]);
  if (hasProblems(report)) process.exitCode = EXIT_CODE_PROBLEMS;
}

/** Asks as the gateway does for callers without credentials of their own. */
function examinedUpstream(config: Config, baseUrl: string, tls: UpstreamTls | undefined): ExaminedUpstream {
  const { apiKey, project, projectId } = config;
  return createExaminedUpstream({
    baseUrl,
    timeoutMs: Math.min(config.upstreamTimeoutMs, MAX_TIMEOUT_MS),
    maxBytes: MAX_UPSTREAM_BYTES,
    proxy: config.upstreamUrl === undefined ? undefined : config.upstreamProxy,
    tls,
    credentials: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
    project: {
      ...(project !== undefined && { 'x-project': project }),
      ...(projectId !== undefined && { 'x-project-id': projectId }),
    },
    secrets: [
      ...(apiKey === undefined ? [] : [apiKey]),
      ...readAccessTokens(config).map(({ token }) => token),
    ],
    forcedDialect: config.upstreamDialect === 'auto' ? undefined : config.upstreamDialect,
    rowCopying: true,
  });
}

/**
 * Examines the upstream while the gateway serves it, by a few requests, and logs in one line what it
 * is or what is wrong with it; at a terminal the line is printed as well. Disposing ends that.
 */
export function examineAtStart(config: Config, upstreamUrl: string, log: Log): AsyncDisposable {
  const tls = openUpstreamTls(config);
  const upstream = examinedUpstream(config, upstreamUrl, tls);
  let isDisposed = false;
  const report = async (): Promise<void> => {
    try {
      const found = await examine(upstream, { isQuick: true });
      if (isDisposed) return;
      const line = reportLine(found);
      if (hasProblems(found)) log.warn({}, line);
      else log.info({}, line);
      if (isInteractive()) print(process.stdout, [line]);
    } catch (error) {
      if (!isDisposed) log.error({ err: error }, 'Unexpected error while the upstream was examined');
    }
  };
  void report();
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
