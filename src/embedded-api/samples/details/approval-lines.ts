import type { Cast } from './cast.ts';
import { type Line, packed, textPart, toolCall } from './line.ts';

/** A request for approval. */
export function requestLine({ scene }: Cast, id: string): Line {
  return {
    part: 0.6,
    role: 'approval',
    content: [textPart('I need your approval for this.')],
    tool_calls: [toolCall(id, scene.approved)],
  };
}

/** A request, what a person decided, and what came of it. */
export function approvalLines(cast: Cast): Line[] {
  const id = cast.newCallId();
  const { approved, denial } = cast.scene;
  const approve = cast.random.chance(0.7);
  const decision = { type: 'approval', tool_call_id: id, approve, reason: approve ? null : denial };
  return [
    requestLine(cast, id),
    { part: 0.8, role: 'approval', step_id: null, approvals: [decision], approve, approval_request_id: id },
    {
      part: 0.95,
      role: 'tool',
      name: approved.name,
      tool_call_id: id,
      tool_returns: [
        {
          tool_call_id: id,
          status: approve ? 'success' : 'error',
          func_response: approve ? packed('OK', approved.result) : packed('Failed', `Denied: ${denial}`),
        },
      ],
    },
  ];
}
