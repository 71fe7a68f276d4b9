import type { Setting, SettingTable } from '../config/define-settings.ts';
import { DEFAULT_CONFIG_FILE, GATEWAY_FLAGS, GATEWAY_SETTINGS } from '../config/gateway-settings.ts';
import { defaultText, placeholderOf } from '../config/setting-value.ts';
import { type Command, type CommandName, COMMANDS, COMMON_FLAGS } from './commands.ts';

const WIDTH = 96;
const TEXT_COLUMN = 6;
const SUMMARY_COLUMN = 40;

const PRECEDENCE = `Flags override environment variables, which override the config file, which overrides the defaults. The config file is ${DEFAULT_CONFIG_FILE} in the working directory, or the one given by --config.`;

/** Returns the text that `--help` prints. @param name of a command; without it, all commands are listed */
export function helpText(name?: CommandName): string {
  const common = section('Common flags', COMMON_FLAGS);
  if (name === undefined) {
    const list = Object.entries<Command>(COMMANDS).map(([each, command]) => {
      const text = wrap(command.summary, SUMMARY_COLUMN).trimStart();
      return `  ${usageOf(each, command)}`.padEnd(SUMMARY_COLUMN) + text;
    });
    const title = 'runs-gateway: a GraphQL gateway over the Letta runs API\n';
    const more =
      'For the settings of a command: runs-gateway serve --help, runs-gateway tail --help, and so on.';
    return [title, `Usage\n${list.join('\n')}\n`, common, more].join('\n');
  }
  const command: Command = COMMANDS[name];
  const { summary, example, settings, takesGateway } = command;
  const isServe = name === 'serve';
  const shownSettings = isServe ? { ...GATEWAY_SETTINGS, ...GATEWAY_FLAGS } : settings;
  return [
    `${wrap(`${usageOf(name, command)}: ${summary}`)}\n`,
    `Example\n  runs-gateway ${example}\n`,
    ...(isServe ? [`${wrap(PRECEDENCE)}\n`] : []),
    ...(Object.keys(shownSettings).length > 0 ? [section('Settings', shownSettings)] : []),
    common,
    ...(takesGateway === true && !isServe ? ['The settings of runs-gateway serve --help apply too.'] : []),
  ].join('\n');
}

function usageOf(name: string, { operands = '[flags]' }: Command): string {
  return `runs-gateway ${name} ${operands}`;
}

function section(heading: string, settings: SettingTable): string {
  return `${heading}\n${Object.values(settings).map(describe).join('\n')}\n`;
}

function describe(setting: Setting): string {
  const { type, flag, short, variable, description } = setting;
  const isSwitch = type === 'boolean' && variable === undefined;
  const value = isSwitch ? '' : ` ${placeholderOf(setting)}`;
  const names = [short && `-${short}`, flag && `--${flag}${value}`, variable].filter(Boolean);
  const byDefault = isSwitch ? undefined : defaultText(setting);
  const text = byDefault === undefined ? description : `${description} Default: ${byDefault}.`;
  return `  ${names.join(', ')}\n${wrap(text, TEXT_COLUMN)}`;
}

/** Wraps a text at spaces, and drops its backticks. */
function wrap(text: string, indent = 0): string {
  const line = new RegExp(`(\\S.{0,${WIDTH - indent - 1}}|\\S+)(?: |$)`, 'g');
  return text
    .replaceAll('`', '')
    .replaceAll(line, `${' '.repeat(indent)}$1\n`)
    .trimEnd();
}
