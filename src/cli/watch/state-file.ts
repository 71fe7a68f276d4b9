import { existsSync, readFileSync } from 'node:fs';
import { open, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '../../errors/config-error.ts';
import { parseInputJson } from '../../json/parse-json.ts';
import type { ListConfig } from '../gateway-client/list-settings.ts';
import type { Memory } from './memory.ts';
import type { Notice } from './notice.ts';

/** The version of the file's format, to be raised when `State` changes. */
const VERSION = 1;

const SQLITE_BUSY = 5;

/** What `watch` continues from after a restart. */
export interface State {
  /** The cursor of the last change that the rules have taken; before the first change, the id of the newest run. */
  readonly cursor: string | undefined;
  /** Memory that an earlier version has saved lacks newer fields. */
  readonly memory: Memory;
  /** The notices that are not delivered, oldest first. */
  readonly waiting: readonly Notice[];
}

export type StateFile = ReturnType<typeof openStateFile>;

/**
 * Opens a state file, and locks it until it is disposed of or the process ends, even by a crash.
 *
 * @throws ConfigError if another process has locked it, or it was written by another version or for other filters
 */
export function openStateFile(file: string, config: ListConfig) {
  const { agentId = null, statuses = null, project = null, projectId = null } = config;
  const filters = { agentId, statuses, project, projectId };
  const lock = lockFile(file);
  return {
    /** The state that the file had when it was opened; undefined if there was none. */
    saved: read(file, filters),
    /** Replaces the file as a whole: after a crash it is the old one or the new one. */
    async save(state: State): Promise<void> {
      const text = JSON.stringify({ version: VERSION, filters, state });
      await writeFile(`${file}.new`, text, { mode: 0o600, flush: true });
      await rename(`${file}.new`, file);
      // Windows can't open a folder, so that the rename can't be flushed there.
      if (process.platform === 'win32') return;
      await using folder = await open(path.dirname(file));
      await folder.sync();
    },
    [Symbol.dispose]: () => lock.close(),
  };
}

/** Takes a lock of SQLite, which the system gives back when the process ends. */
function lockFile(file: string): DatabaseSync {
  const folder = path.dirname(file);
  if (!existsSync(folder))
    throw new ConfigError([
      `--state: ${file}: expected a file in a folder that exists, but there is no ${folder}`,
    ]);
  try {
    // Loaded only here: Node 24 warns that it is experimental.
    const lock = new (process.getBuiltinModule('node:sqlite').DatabaseSync)(`${file}.lock`);
    lock.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    const isHeld = Object(error).errcode === SQLITE_BUSY;
    const got = isHeld ? 'another runs-gateway watch has it' : Object(error).message;
    throw new ConfigError([`--state: ${file}: expected a file for this process alone, but ${got}`]);
  }
}

function read(file: string, filters: object): State | undefined {
  let found: { readonly version?: number; readonly filters?: object; readonly state?: State };
  try {
    found = Object(parseInputJson(readFileSync(file, 'utf8')));
  } catch (error) {
    const { code, message } = Object(error);
    if (code === 'ENOENT') return undefined;
    throw refusal(file, `a state file, but got ${code ?? message}`);
  }
  if (found.version !== VERSION) throw refusal(file, `version ${VERSION}, but got ${found.version}`);
  if (isDeepStrictEqual(found.filters, filters))
    return found.state && { ...found.state, waiting: found.state.waiting.map(upToDate) };
  throw refusal(file, `the filters ${JSON.stringify(filters)}, but got ${JSON.stringify(found.filters)}`);
}

/** Returns a notice that an earlier version has saved as one of this version. */
function upToDate({ counts, ...notice }: Notice & { readonly counts?: Record<string, number> }): Notice {
  const count = counts && Object.values(counts).reduce((sum, number) => sum + number, 0);
  const resolves = notice.type === 'rate.fell' && notice.id.replace('rate-fell', 'rate-passed');
  return { ...(count !== undefined && { count }), ...(resolves !== false && { resolves }), ...notice };
}

function refusal(file: string, expected: string): ConfigError {
  return new ConfigError([
    `--state: ${file}: expected ${expected}. Name another file, or remove this one to begin from now on`,
  ]);
}
