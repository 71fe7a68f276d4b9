import { type CommandLineFlag, defaultText, type Setting, type SettingTable } from '../config/settings.ts';
import {
  COMMANDS,
  COMMON,
  type CommandEntry,
  type CommandName,
  GATEWAY,
  type Section,
  SHORT_FORMS,
} from './commands.ts';

const WIDTH = 96;
const TEXT_COLUMN = 6;
const SUMMARY_COLUMN = 40;

/** Returns the text that `--help` prints. @param name of a command; by default, all commands are listed */
export function helpText(name?: CommandName): string {
  if (name === undefined) {
    const list = Object.values(COMMANDS).map(({ usage, summary }) => {
      const text = wrap(summary, SUMMARY_COLUMN).trimStart();
      return `  runs-gateway ${usage}`.padEnd(SUMMARY_COLUMN) + text;
    });
    const title = 'runs-gateway: a GraphQL gateway over the Letta runs API\n';
    const more = 'Settings and flags: runs-gateway serve --help, runs-gateway tail --help, and so on.';
    return [title, `Usage\n${list.join('\n')}\n`, describeSection(COMMON), `${more}\n`].join('\n');
  }
  const { usage, summary, example, takes }: CommandEntry = COMMANDS[name];
  const own = takes.filter((section) => section !== GATEWAY || name === 'serve');
  const others =
    own.length < takes.length ? ['It takes the settings of runs-gateway serve --help, too.\n'] : [];
  return [
    wrap(`runs-gateway ${usage}: ${summary}`, 0) + '\n',
    `Example\n  runs-gateway ${example}\n`,
    ...own.map(describeSection),
    ...others,
  ].join('\n');
}

function describeSection({ heading, introduction, settings, flags }: Section): string {
  const parts = [wrap(introduction ?? '', 2).trimEnd(), describeSettings(settings), describeFlags(flags)];
  return `${heading}\n${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Formats the settings of a table with their flags, variables and defaults. */
function describeSettings(table: SettingTable): string {
  return Object.values(table).map(describeSetting).join('\n');
}

function describeSetting(setting: Setting): string {
  const { flag, variable, kind, description } = setting;
  const short = flag && SHORT_FORMS[flag];
  const names = [short && `-${short}`, flag && `--${flag} ${kind.placeholder}`, variable].filter(
    (name) => name !== undefined,
  );
  const preset = defaultText(setting);
  return [
    `  ${names.join(', ')}`,
    wrap(preset === undefined ? description : `${description} Default: ${preset}.`, TEXT_COLUMN),
  ].join('\n');
}

function describeFlags(list: readonly CommandLineFlag[]): string {
  return list
    .map(({ flag, placeholder = '', description }) =>
      [`  --${flag} ${placeholder}`.trimEnd(), wrap(description, TEXT_COLUMN)].join('\n'),
    )
    .join('\n');
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
