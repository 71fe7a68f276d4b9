import { spawnSync } from 'node:child_process';

/** The database of a self-hosted server, read with psql: a witness that shares no code with the gateway. */
export interface Database {
  /** Returns the results of queries for one JSON value each, in their order. @throws Error for what psql refuses */
  readonly read: (queries: readonly string[]) => unknown[];
}

/** @param uri such as `postgresql://letta@localhost/letta` */
export function openDatabase(uri: string): Database {
  return {
    read(queries) {
      const { status, stdout, stderr, error } = spawnSync(
        'psql',
        [uri, '-XAtq', '-v', 'ON_ERROR_STOP=1', '-f', '-'],
        {
          input: queries.map((query) => `${query};\n`).join(''),
          encoding: 'utf8',
          maxBuffer: 2 ** 30,
        },
      );
      if (error !== undefined) throw error;
      if (status !== 0) throw new Error(stderr);
      const lines = stdout.split('\n').slice(0, -1);
      return lines.map((line): unknown => JSON.parse(line));
    },
  };
}

/** A text as SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
