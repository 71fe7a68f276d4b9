import { once } from 'node:events';
import process from 'node:process';
import { pino } from 'pino';
import { throwIfAny } from '../errors/config-error.ts';
import { assembleGateway } from '../gateway.ts';
import type { Invocation } from './commands.ts';
import { openLogDestination } from './log-destination.ts';
import { loadPlugins } from './plugins-module.ts';
import { logUnhandledRejections, stopSignal } from './start-and-stop.ts';

/** MCP over standard input has one client, which has started the process. */
const ONE_CLIENT = {
  accessTokens: [],
  accessTokensFile: undefined,
  readOnlyAccessTokens: [],
  readOnlyAccessTokensFile: undefined,
  routerSecrets: [],
  routerSecretsFile: undefined,
  trustedDocumentsOnly: false,
  agents: 'full',
} as const;

/**
 * Serves MCP over standard input and output, until the input ends or at SIGINT or SIGTERM. Nothing listens; the log is on
 * standard error.
 *
 * @throws ConfigError
 */
export async function mcp({ readConfig }: Invocation): Promise<void> {
  const { config, warnings, problems } = readConfig();
  throwIfAny(problems);
  await using log = openLogDestination();
  const logger = pino({ level: config.logLevel }, log.stream);
  logUnhandledRejections(logger);
  for (const warning of warnings) logger.warn({}, warning);
  const { stdin } = process;
  const ended = Promise.race([once(stdin, 'end'), once(stdin, 'close'), stopSignal(['SIGINT', 'SIGTERM'])]);
  await using gateway = await assembleGateway(
    { ...config, ...ONE_CLIENT },
    { plugins: await loadPlugins(config.pluginModule), log: logger },
  );
  await using _connection = await gateway.serveStdio();
  await ended;
}
