import { DEFAULT_CONFIG_FILE } from '../config/config-file.ts';
import { GATEWAY_FLAGS, GATEWAY_SETTINGS } from '../config/gateway-settings.ts';
import { RUNS_API_SETTINGS } from '../config/runs-api-config.ts';
import { type CommandLineFlag, defaultText, type Setting, type SettingTable } from '../config/settings.ts';
import { TAIL_FLAGS, TAIL_SETTINGS } from '../config/tail-config.ts';
import { COMMON_FLAGS, DOCTOR_FLAGS } from './flags.ts';

const WIDTH = 96;
const TEXT_COLUMN = 6;

/** Returns the text that `--help` prints. */
export function helpText(): string {
  return `runs-gateway: a GraphQL gateway over the Letta runs API

Usage
  runs-gateway [flags]                serve GraphQL at /graphql
  runs-gateway runs-api [flags]       serve only the embedded runs API
  runs-gateway tail [flags]           print runs as they change, from a gateway that is running
  runs-gateway doctor [flags]         examine the runs API that would be served, and say what is
                                      wrong with it; exits with 1 if anything is
  runs-gateway documents check FILE   check a manifest of persisted documents; exits with 1 if
                                      anything is wrong with it

Gateway settings
${wrap(`Flags override environment variables, which override the config file, which overrides the defaults. The config file is ${DEFAULT_CONFIG_FILE} in the working directory, or the one given by --config.`, 2)}

${describeSettings(GATEWAY_SETTINGS)}

${describeFlags(GATEWAY_FLAGS)}

Embedded runs API settings
${describeSettings(RUNS_API_SETTINGS)}

Settings of tail
${describeSettings(TAIL_SETTINGS)}

${describeFlags(TAIL_FLAGS)}

Flags of doctor, besides the gateway settings
${describeFlags(DOCTOR_FLAGS)}

Common flags
${describeFlags(COMMON_FLAGS)}
`;
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
