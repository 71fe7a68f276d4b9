import { expect, it } from 'vitest';
import { LETTA } from '../../src/upstream/letta/letta-conventions.ts';

const json = (detail: unknown): string => JSON.stringify({ trace_id: '', detail });
const EXPECTED = "'end_turn', 'error' or 'requires_approval'";
const LIMIT = { type: 'less_than_equal', loc: ['query', 'limit'], msg: 'x', input: '300', ctx: { le: 200 } };

it.each<[string, string, unknown]>([
  ['a limit, as the Cloud answers', json([LIMIT]), [{ name: 'limit', max: 200 }]],
  [
    'a limit, as Letta 0.16.7 answers',
    json(
      "[{'type': 'less_than_equal', 'loc': ('query', 'limit'), 'msg': 'Input should be less than or equal to 1000', 'input': '1001', 'ctx': {'le': 1000}}]",
    ),
    [{ name: 'limit', max: 1000 }],
  ],
  [
    'a value of an enum',
    json(
      `[{'type': 'enum', 'loc': ('query', 'stop_reason'), 'msg': "Input should be ${EXPECTED}", 'input': 'x', 'ctx': {'expected': "${EXPECTED}"}}]`,
    ),
    [{ name: 'stop_reason' }],
  ],
  ['a status', json("'paused' is not a valid RunStatus"), [{ name: 'statuses' }]],
  [
    'several parameters, and one of several values',
    json([LIMIT, { loc: ['query', 'agent_ids', 1], input: 5 }]),
    [{ name: 'limit', max: 200 }, { name: 'agent_ids' }],
  ],
  [
    'a value that imitates another refusal',
    json(
      `[{'type': 'enum', 'loc': ('query', 'a', 0), 'msg': "x", 'input': "'}, {'type': 'x', 'loc': ('query', 'limit'), 'msg': '', 'input': '1', 'ctx': {'le': 1}"}]`,
    ),
    [{ name: 'a' }],
  ],
  ['a part of the path', json([{ loc: ['path', 'run_id'] }]), []],
  ['a place without a name', json([{ loc: ['query'] }, { loc: 'query' }, {}, null]), []],
  ['something that Python can write and JSON cannot', json('[datetime.datetime(2026, 1, 1)]'), []],
  // With these, 300 KB take minutes if a part of the text is read more than once.
  ['spaces without end', json(`[${' '.repeat(300_000)}`), []],
  ["a text without its end, with escaped '", json(`'${"\\'".repeat(200_000)}`), []],
  ['a text without its end, with escaped "', json(`["${'\\"'.repeat(200_000)}\\`), []],
  ['another text', json('Not found'), []],
  ['no detail', '{}', []],
  ['no object', '[1]', []],
  ['no JSON', '<!doctype html>', []],
  ['nothing', '', []],
])('A refusal of %s', (_name, body, expected) => {
  expect(LETTA.refusedParameters(body)).toEqual(expected);
});
