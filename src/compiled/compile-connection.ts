import { type GraphQLField, type GraphQLObjectType, getNamedType, isObjectType } from 'graphql';
import type { RunPage } from '../schema/connection-types.ts';
import { ScannedRun } from '../wire/scanned-run.ts';
import { type Program, write } from '../wire/scanner.ts';
import type { AnswerBytes } from './answer-bytes.ts';
import { compileProgram } from './compile-program.ts';
import { compileField } from './compile-values.ts';
import type { Selection } from './selection-tree.ts';

/** Writes what was selected of a page. */
export type WritePage = (answer: AnswerBytes, page: RunPage) => void;

/**
 * Compiles what is selected of a connection. Its rows are copied from the upstream's text where
 * they still are text; all else is made of values by the schema's own resolvers.
 *
 * @throws NotCompilable
 */
export function compileConnection(type: GraphQLObjectType, selections: readonly Selection[]): WritePage {
  const members = selections.map((selection) => compileMember(type, selection));
  return (answer, page) => {
    members.forEach((member, index) => {
      if (index > 0) answer.text(',');
      member(answer, page);
    });
  };
}

function compileMember(type: GraphQLObjectType, selection: Selection): WritePage {
  const key = `${JSON.stringify(selection.key)}:`;
  const build = compileField(type, selection);
  const program = programOf(type.getFields()[selection.name], selection);
  return (answer, page) => {
    answer.text(key);
    const rows = program && copyRows(page, program);
    if (rows === null) return answer.text(JSON.stringify(build(page)));
    answer.text('[');
    answer.bytes(rows);
    answer.text(']');
  };
}

/** For the two fields that are the rows of a page. */
function programOf(field: GraphQLField<unknown, unknown> | undefined, selection: Selection): Program | null {
  if (field === undefined || !['edges', 'nodes'].includes(field.name)) return null;
  const type = getNamedType(field.type);
  return isObjectType(type) ? compileProgram(type, selection.children) : null;
}

/** Null for rows that are not all of one text. */
function copyRows({ rows }: RunPage, program: Program): Uint8Array | null {
  const [first] = rows;
  if (!(first instanceof ScannedRun)) return null;
  const { source } = first;
  const numbers = new Uint32Array(rows.length);
  for (const [index, run] of rows.entries()) {
    if (!(run instanceof ScannedRun) || run.source !== source) return null;
    numbers[index] = run.row;
  }
  return write(source.body, source.scan, numbers, program);
}
