/** The part of a `.cpuprofile` that is read here. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  /** Ids of the nodes that were at work. */
  readonly samples: readonly number[];
  /** Microseconds that have passed before each sample. */
  readonly timeDeltas: readonly number[];
}

interface SelfTime {
  readonly name: string;
  readonly ms: number;
}

export interface SelfTimes {
  /** Most first. */
  readonly byFunction: readonly SelfTime[];
  /** By file of the gateway, or by package. */
  readonly byPlace: readonly SelfTime[];
  /** All but idle time. */
  readonly busyMs: number;
}

/** What was at work itself, without what it called. */
export function selfTimes({ nodes, samples, timeDeltas }: Profile): SelfTimes {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byFunction = new Map<string, number>();
  const byPlace = new Map<string, number>();
  let busyMs = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === '(idle)') continue;
    // A sample stands for the time until the next one.
    const ms = Math.max(0, timeDeltas[index + 1] ?? 0) / 1000;
    const place = placeOf(frame.url, frame.functionName);
    const name = frame.url === '' ? frame.functionName : `${frame.functionName || '(anonymous)'} in ${place}`;
    busyMs += ms;
    byFunction.set(name, (byFunction.get(name) ?? 0) + ms);
    byPlace.set(place, (byPlace.get(place) ?? 0) + ms);
  }
  return { byFunction: sorted(byFunction), byPlace: sorted(byPlace), busyMs };
}

function placeOf(url: string, functionName: string): string {
  if (url === '') return functionName.startsWith('(') ? functionName : 'built into V8 and Node';
  if (url.startsWith('node:')) return url.replace(/^node:internal\/([^/]+).*/, 'node:internal/$1');
  const packageName = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  return packageName ?? url.replace(/.*\/(?=src\/)/, '');
}

function sorted(times: ReadonlyMap<string, number>): SelfTime[] {
  return [...times].map(([name, ms]) => ({ name, ms })).toSorted((a, b) => b.ms - a.ms);
}
