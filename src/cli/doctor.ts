import process from 'node:process';
import { startEmbeddedApi } from '../../embedded-api/index.ts';
import type { ReadGatewaySettings } from '../config/config.ts';
import { examine, reportText } from '../doctor/examine.ts';
import { throwIfAny } from '../errors/config-error.ts';
import { openExaminedUpstream } from './doctor-upstream.ts';
import { EXIT_CODE_PROBLEMS, print } from './terminal.ts';

/** Examines the upstream that the gateway would serve, and prints the report. */
export async function doctor(
  { config, problems }: ReadGatewaySettings,
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

function throwError(error: unknown): never {
  throw error;
}
