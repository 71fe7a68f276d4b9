import { defaultText, placeholderOf } from '../config/setting-value.ts';
import type { Setting, SettingTable } from '../config/settings.ts';
import { type Command, type CommandName, COMMANDS, COMMON_FLAGS, PRECEDENCE } from './commands.ts';

const WIDTH = 96;
const TEXT_COLUMN = 6;
const SUMMARY_COLUMN = 40;

/** Returns the text that `--help` prints. @param name of a command; by default, all commands are listed */
export function helpText(name?: CommandName): string {
  const common = section('Common flags', COMMON_FLAGS);
  if (name === undefined) {
    const list = Object.values(COMMANDS).map(({ usage, summary }) => {
      const text = wrap(summary, SUMMARY_COLUMN).trimStart();
      return `  runs-gateway ${usage}`.padEnd(SUMMARY_COLUMN) + text;
    });
    const title = 'runs-gateway: a GraphQL gateway over the Letta runs API\n';
    const more = 'Settings and flags: runs-gateway serve --help, runs-gateway tail --help, and so on.';
    return [title, `Usage\n${list.join('\n')}\n`, common, more].join('\n');
  }
  const { usage, summary, example, settings, takesGateway }: Command = COMMANDS[name];
  return [
    `${wrap(`runs-gateway ${usage}: ${summary}`, 0)}\n`,
    `Example\n  runs-gateway ${example}\n`,
    ...(name === 'serve' ? [`${wrap(PRECEDENCE, 0)}\n`] : []),
    ...(Object.keys(settings).length > 0 ? [section('Settings', settings)] : []),
    common,
    ...(takesGateway === true ? ['It takes the settings of runs-gateway serve --help, too.'] : []),
  ].join('\n');
}

function section(heading: string, settings: SettingTable): string {
  return `${heading}\n${Object.values(settings).map(describe).join('\n')}\n`;
}

function describe(setting: Setting): string {
  const { flag, short, variable, description } = setting;
  const value = setting.type === 'boolean' && variable === undefined ? '' : ` ${placeholderOf(setting)}`;
  const names = [short && `-${short}`, flag && `--${flag}${value}`, variable];
  const preset = variable === undefined && setting.type === 'boolean' ? undefined : defaultText(setting);
  return [
    `  ${names.filter((each) => each !== undefined).join(', ')}`,
    wrap(preset === undefined ? description : `${description} Default: ${preset}.`, TEXT_COLUMN),
  ].join('\n');
}

/** Wraps a text at word boundaries and drops its backticks. */
function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.replaceAll('`', '').split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => ' '.repeat(indent) + each).join('\n');
}
