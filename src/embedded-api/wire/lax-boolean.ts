import type { PythonValue } from './python-json.ts';

const TRUE = new Set(['1', 'on', 't', 'true', 'y', 'yes']);
const FALSE = new Set(['0', 'off', 'f', 'false', 'n', 'no']);

/** Pydantic's error for a value that isn't a boolean, without its path. */
interface BooleanProblem {
  readonly type: 'bool_type' | 'bool_parsing';
  readonly msg: string;
}

const NOT_A_BOOLEAN: BooleanProblem = { type: 'bool_type', msg: 'Input should be a valid boolean' };
const NOT_INTERPRETABLE: BooleanProblem = {
  type: 'bool_parsing',
  msg: 'Input should be a valid boolean, unable to interpret input',
};

/** Reads a boolean in Pydantic's lax mode: from some words in any case, and from 0 and 1. */
export function laxBoolean(value: PythonValue): {
  readonly boolean?: boolean;
  readonly problem?: BooleanProblem;
} {
  if (typeof value === 'boolean') return { boolean: value };
  if (typeof value === 'string') {
    const lower = value.toLowerCase();
    if (TRUE.has(lower) || FALSE.has(lower)) return { boolean: TRUE.has(lower) };
    return { problem: NOT_INTERPRETABLE };
  }
  if (typeof value !== 'bigint' && typeof value !== 'number') return { problem: NOT_A_BOOLEAN };
  const number = Number(value);
  if (number === 0 || number === 1) return { boolean: number === 1 };
  const fits = typeof value === 'bigint' && BigInt.asIntN(64, value) === value;
  return { problem: fits ? NOT_INTERPRETABLE : NOT_A_BOOLEAN };
}
