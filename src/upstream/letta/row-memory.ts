import type { Rows } from '../../lists/rows.ts';
import type { Memory } from '../../memory/index.ts';
import type { Run } from '../../runs/run.ts';
import type { RunList } from '../../wire/run-list.ts';
import type { CallerKey } from '../credentials.ts';
import type { Sized } from './held-responses.ts';

export interface RowMemoryOptions {
  /** Milliseconds that a row is remembered. */
  readonly ms: number;
  /** Milliseconds that a request may take. */
  readonly requestMs: number;
  readonly memory: Pick<Memory, 'open' | 'held' | 'budgetBytes'>;
}

/** Bytes and lists of one caller; beyond them, the oldest go. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_LISTS = 64;
/** Objects may be made of the rows. */
const BYTES_PER_BYTE = 2;
/** What is entered for a list besides. */
const LIST_BYTES = 1024;
/** The part of the budget of memory beyond which nothing is remembered, so that nobody is cut off for it. */
const MAX_PART = 1 / 2;

interface Listed {
  readonly rows: Rows<Run>;
  readonly bytes: number;
  readonly timer: NodeJS.Timeout;
  byId?: ReadonlyMap<string, Run>;
}

interface Remembered {
  readonly lists: Set<Listed>;
  bytes: number;
  readonly holder: ReturnType<Memory['open']>;
}

/**
 * The runs that lists have just shown a caller, so that looking them up needs no request.
 *
 * State that outlives a request. Every caller writes it for itself, by what the upstream lists for it, and after it
 * has cancelled runs nothing of it is left. It is in the account of memory, and goes after a while.
 */
export class RowMemory {
  readonly #options: RowMemoryOptions;
  readonly #callers = new Map<CallerKey, Remembered>();
  /** Callers that have cancelled runs: what they are listed may have been requested before. */
  readonly #changing = new Map<CallerKey, NodeJS.Timeout>();

  constructor(options: RowMemoryOptions) {
    this.#options = options;
  }

  /** @param callerKey the whole identity of the caller */
  remember(callerKey: CallerKey, account: CallerKey, { value, bytes: size }: Sized<RunList>): void {
    const { memory, ms } = this.#options;
    const bytes = size * BYTES_PER_BYTE + LIST_BYTES;
    const held = Object.values(memory.held).reduce((sum, each) => sum + each, bytes);
    if (value.page.length === 0 || bytes > MAX_BYTES || held > memory.budgetBytes * MAX_PART) return;
    if (this.#changing.has(callerKey)) return;
    this.#makeRoom(callerKey, bytes);
    const known = this.#callers.get(callerKey) ?? this.#open(callerKey, account);
    if (!known.holder.take('operation', bytes)) {
      if (known.lists.size === 0) this.#close(callerKey);
      return;
    }
    const timer = setTimeout(() => this.#drop(callerKey, known, listed), ms).unref();
    const listed: Listed = { rows: value.page, bytes, timer };
    known.lists.add(listed);
    known.bytes += bytes;
  }

  /** Returns the run with an id as it was last listed. */
  find(callerKey: CallerKey, id: string): Run | undefined {
    const lists = [...(this.#callers.get(callerKey)?.lists ?? [])];
    for (const listed of lists.toReversed()) {
      const run = (listed.byId ??= new Map([...listed.rows].map((each) => [each.id, each]))).get(id);
      if (run !== undefined) return run;
    }
    return undefined;
  }

  /** To be called before and after the caller changes runs: what it was listed is no longer so. */
  forget(callerKey: CallerKey): void {
    this.#close(callerKey);
    clearTimeout(this.#changing.get(callerKey));
    const over = (): void => void this.#changing.delete(callerKey);
    this.#changing.set(callerKey, setTimeout(over, this.#options.requestMs).unref());
  }

  #makeRoom(callerKey: CallerKey, bytes: number): void {
    const known = this.#callers.get(callerKey);
    for (const oldest of known?.lists ?? []) {
      if (known === undefined || (known.lists.size < MAX_LISTS && known.bytes + bytes <= MAX_BYTES)) return;
      this.#drop(callerKey, known, oldest);
    }
  }

  #open(callerKey: CallerKey, account: CallerKey): Remembered {
    const holder = this.#options.memory.open(() => this.#close(callerKey), account);
    const opened = { lists: new Set<Listed>(), bytes: 0, holder };
    this.#callers.set(callerKey, opened);
    return opened;
  }

  #drop(callerKey: CallerKey, known: Remembered, listed: Listed): void {
    if (!known.lists.delete(listed)) return;
    clearTimeout(listed.timer);
    known.bytes -= listed.bytes;
    known.holder.give('operation', listed.bytes);
    if (known.lists.size === 0) this.#close(callerKey);
  }

  #close(callerKey: CallerKey): void {
    const known = this.#callers.get(callerKey);
    this.#callers.delete(callerKey);
    known?.holder.close();
    for (const { timer } of known?.lists ?? []) clearTimeout(timer);
  }
}
