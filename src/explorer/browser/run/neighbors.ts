import { NEIGHBORS } from '../documents/runs.ts';
import { useKeys, useState } from '../dom.ts';
import { asApiError } from '../gateway/api-error.ts';
import { queryField } from '../gateway/query-field.ts';
import { leave, navigate } from '../router.ts';
import { list, readMore } from '../runs/run-list.ts';

/** The way to the runs beside one. */
export interface Neighbors {
  readonly go: (side: 'newer' | 'older') => Promise<void>;
  /** Why it led nowhere. */
  readonly message: string;
}

/** Goes to the runs beside one, by the keyboard too: j and k, and Escape for the list. */
export function useNeighbors(id: string): Neighbors {
  const [message, setMessage] = useState('');
  const go = async (side: 'newer' | 'older'): Promise<void> => {
    try {
      const next = await neighborOf(id, side);
      if (next === undefined) setMessage(`There is no ${side} run.`);
      else navigate(`runs/${next}`, true);
    } catch (error) {
      setMessage(asApiError(error).message);
    }
  };
  useKeys(({ key }) => {
    if (key === 'Escape') leave();
    if (key === 'j') void go('older');
    if (key === 'k') void go('newer');
    return ['Escape', 'j', 'k'].includes(key);
  });
  return { go, message };
}

/** The id of the run beside one: in the list that one came from, else among all. */
async function neighborOf(id: string, side: 'newer' | 'older'): Promise<string | undefined> {
  const indexIn = (): number => list.get().rows.findIndex((row) => row.id === id);
  if (indexIn() < 0) return (await queryField(NEIGHBORS, { id }, side)).nodes[0]?.id;
  const { rows, hasMore } = list.get();
  if (side === 'older' && hasMore && indexIn() === rows.length - 1) await readMore();
  return list.get().rows[indexIn() + (side === 'newer' ? -1 : 1)]?.id;
}
