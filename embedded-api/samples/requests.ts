import type { Run, Tool } from '../store/run-store.ts';
import { createRandom } from './random.ts';
import { scenarioOf } from './scenarios/index.ts';
import { call, type SampleCall, type Scenario } from './scenarios/scenario.ts';

/** A call of a tool that the client runs: no tool of the agent. */
export const CLIENT_CALL = call('read_local_file', { path: 'notes/today.md' }, '');

/** The second call of a request for two approvals. */
const notify = ({ customer, channel }: Scenario): SampleCall =>
  call('notify_customer', { customer, channel }, 'Sent.');

/** The calls that a sample run paused for. */
export function requestedBy({ agent_id, asks }: Run): readonly SampleCall[] {
  const scenario = scenarioOf(agent_id);
  if (asks === 'client tool') return [CLIENT_CALL];
  return asks === 'approvals' ? [scenario.approved, notify(scenario)] : [scenario.approved];
}

/** The tools of a sample agent, and the rules that name those which a person has to approve. */
export function toolsOf(scenario: Scenario) {
  const approved = [scenario.approved.name, notify(scenario).name];
  const others = [...scenario.calls.map(({ name }) => name), 'search_notes'];
  return { tools: [...others, ...approved].map(toolOf), tool_rules: approved.map(approvalRule) };
}

/** A tool as Letta sends it, as far as anybody looks at it; the same name always has the same id. */
export function toolOf(name: string): Tool {
  const seed = Array.from(name).reduce((sum, letter) => Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0), 7);
  const source_code = `def ${name}(**arguments):\n    """Calls ${name}."""\n    ...\n`;
  const json_schema = { name, description: `Calls ${name}.`, parameters: { type: 'object', properties: {} } };
  return { id: `tool-${createRandom(seed).uuid()}`, name, tool_type: 'custom', source_code, json_schema };
}

/** The rule by which a person has to approve a tool. */
export function approvalRule(tool_name: string) {
  return { tool_name, type: 'requires_approval', prompt_template: null } as const;
}
