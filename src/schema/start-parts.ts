import { type GraphQLResolveInfo, isObjectType } from 'graphql';
import type { Context } from '../loaders/context.ts';
import { IDS } from '../runs/ids.ts';
import type { RunParts } from '../runs/source.ts';
import type { sharing } from './builder.ts';
import { selectedFields } from './selection.ts';

/**
 * Requests the parts of a run that are selected on a field, for which its id is enough, while the run itself is
 * looked up. If there is no such run, they are requested in vain.
 */
export function startParts(id: unknown, { runParts }: Context, info: GraphQLResolveInfo): void {
  const type = info.schema.getType('Run');
  if (typeof id !== 'string' || !IDS.run.pattern.test(id) || !isObjectType(type)) return;
  const fields = type.getFields();
  const parts = new Set<keyof RunParts>();
  for (const name of selectedFields(info.fieldNodes, info).keys()) {
    const { sharesRequest }: Partial<ReturnType<typeof sharing>> = fields[name]?.extensions ?? {};
    if (sharesRequest !== undefined && sharesRequest !== 'itself') parts.add(sharesRequest);
  }
  for (const part of parts) runParts.start(part, id);
}
