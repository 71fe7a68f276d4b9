import { expect, it } from 'vitest';
import { AGENT_FIELD_LIST } from '../../src/runs/agent-fields.ts';
import { reportAgentDrift } from '../../src/wire/drift.ts';

const WHOLE = Object.fromEntries(AGENT_FIELD_LIST.map(({ wire }) => [wire, null]));
const { model: _model, ...OLD } = WHOLE;

it.each<[string, object, readonly string[]]>([
  ['with all fields', WHOLE, []],
  ['with its model where older servers have it', { ...OLD, llm_config: {} }, []],
  ['without a model', OLD, ['missing_field agent.model']],
])('An agent %s', (_name, agent, expected) => {
  const reported: string[] = [];
  reportAgentDrift({ ...agent }, (kind, value) => reported.push(`${kind} ${value}`));
  expect(reported).toEqual(expected);
});
