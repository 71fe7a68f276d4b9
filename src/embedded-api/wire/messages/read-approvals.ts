import { laxBoolean } from '../lax-boolean.ts';
import type { PythonValue } from '../python-json.ts';
import { fieldsOf, MODELS, problemsOf, type Read } from './models.ts';
import { readList } from './read-parts.ts';

/** One answer to a request for approval: a decision, or the return of a tool that ran elsewhere. */
export interface Approval {
  readonly type: 'approval' | 'tool';
  readonly fields: Read;
}

/** Reads approvals; what Letta can't read it leaves out. @throws RowError unless it is a list of objects */
export function readApprovals(value: PythonValue): Approval[] {
  return readList(value).flatMap((item): Approval[] => {
    if (item.get('type') === 'approval') {
      if (problemsOf(MODELS.ApprovalReturn, item).length > 0) return [];
      const approve = laxBoolean(item.get('approve') ?? null).boolean ?? false;
      const fields = fieldsOf(MODELS.ApprovalReturn, new Map([...item, ['approve', approve]]));
      return [{ type: 'approval', fields }];
    }
    if (!item.has('status')) return [];
    const renamed = item.has('func_response')
      ? item
      : new Map([...item, ['func_response', item.get('tool_return') ?? null]]);
    if (problemsOf(MODELS.ToolReturn, renamed).length > 0) return [];
    return [{ type: 'tool', fields: fieldsOf(MODELS.ToolReturn, renamed) }];
  });
}
