import { type CommandLineFlag, defaultText, type Setting, type SettingTable } from '../config/settings.ts';
import { COMMANDS, SECTIONS } from './commands.ts';

const WIDTH = 96;
const TEXT_COLUMN = 6;
const SUMMARY_COLUMN = 40;

/** Returns the text that `--help` prints. */
export function helpText(): string {
  const usage = Object.values(COMMANDS).map((command) => {
    const summary = wrap(command.summary, SUMMARY_COLUMN).trimStart();
    return `  runs-gateway ${command.usage}`.padEnd(SUMMARY_COLUMN) + summary;
  });
  const sections = SECTIONS.map(({ heading, introduction, settings, flags }) => {
    const parts = [wrap(introduction ?? '', 2).trimEnd(), describeSettings(settings), describeFlags(flags)];
    return `${heading}\n${parts.filter((part) => part !== '').join('\n\n')}\n`;
  });
  const title = 'runs-gateway: a GraphQL gateway over the Letta runs API\n';
  return [title, `Usage\n${usage.join('\n')}\n`, ...sections].join('\n');
}

/** Formats the settings of a table with their flags, variables and defaults. */
export function describeSettings(table: SettingTable): string {
  return Object.values(table).map(describeSetting).join('\n');
}

function describeSetting(setting: Setting): string {
  const { flag, variable, kind, description } = setting;
  const names = [flag && `--${flag} ${kind.placeholder}`, variable].filter((name) => name !== undefined);
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
