import { runPath, stepsPath, UPSTREAM_URL, type WireRun, type WireStep } from './upstream-runs.ts';

/** With the fetch that Node brings. */
export async function fetchRuns(path: string): Promise<WireRun[]> {
  const response = await fetch(UPSTREAM_URL + path);
  if (!response.ok) throw new Error(`The upstream answered ${response.status}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Nothing is checked.
  return (await response.json()) as WireRun[];
}

export async function fetchRun(id: string): Promise<WireRun> {
  const response = await fetch(UPSTREAM_URL + runPath(id));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Nothing is checked.
  return (await response.json()) as WireRun;
}

export async function fetchSteps(id: string): Promise<WireStep[]> {
  const response = await fetch(UPSTREAM_URL + stepsPath(id));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Nothing is checked.
  return (await response.json()) as WireStep[];
}
