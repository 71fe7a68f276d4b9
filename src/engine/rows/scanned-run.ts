import type { FieldKind } from '../../runs/field.ts';
import { dateTimeOf, instantOf } from '../../runs/position.ts';
import {
  type NamedField,
  REQUEST_CONFIG_FIELD_LIST,
  RUN_FIELD_LIST,
  type RunFieldName,
} from '../../runs/run-fields.ts';
import type { Run } from '../../runs/run.ts';
import { parseUpstreamJson } from '../../wire/parse-upstream-json.ts';
import { NUMBERS_PER_ROW, type Scan } from './scanner.ts';
import { slotOf } from './slots.ts';

/** The fields are implemented by the getters below. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- See above.
export interface ScannedRun extends Run {}

/**
 * A run that stays text. A field is parsed when it is accessed, and never if it is only copied.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- See above.
export class ScannedRun {
  readonly scan: Scan;
  readonly row: number;
  /** Always true, because only lists are scanned. */
  readonly isDurationMeasured = true;

  constructor(scan: Scan, row: number) {
    this.scan = scan;
    this.row = row;
  }

  get createdInstant(): string {
    return instantOf(textOf(this, 'createdAt') ?? '') ?? '';
  }

  /** Returns the JSON text of a field; null if the field is null. */
  bytesOf(name: RunFieldName): Buffer | null {
    const { body, slots } = this.scan;
    const at = this.row * NUMBERS_PER_ROW + 2 * slotOf(name);
    const [start = 0, end = 0] = [slots[at], slots[at + 1]];
    return start === 0 ? null : body.slice(start, end);
  }
}

const READERS: Readonly<Record<FieldKind, (run: ScannedRun, name: RunFieldName) => unknown>> = {
  id: textOf,
  created: instantTextOf,
  instant: instantTextOf,
  text: textOf,
  'enum value': textOf,
  'enum list': jsonOf,
  boolean: jsonOf,
  int: jsonOf,
  'whole number': jsonOf,
  object: jsonOf,
  config: configOf,
};

for (const field of RUN_FIELD_LIST) {
  const read = readerOf(field);
  Object.defineProperty(ScannedRun.prototype, field.name, {
    get(this: ScannedRun) {
      return read(this);
    },
  });
}

/** Returns the reader of a field. It needs no checks: the scanner has verified the type. */
function readerOf({ name, kind }: NamedField): (run: ScannedRun) => unknown {
  const read = READERS[kind];
  return (run) => read(run, name);
}

const CONFIG_READERS = REQUEST_CONFIG_FIELD_LIST.map((field) => [field.name, readerOf(field)] as const);

function configOf(run: ScannedRun, name: RunFieldName): unknown {
  if (run.bytesOf(name) === null) return null;
  return Object.fromEntries(CONFIG_READERS.map(([key, read]) => [key, read(run)] as const));
}

function instantTextOf(run: ScannedRun, name: RunFieldName): string | null {
  const text = textOf(run, name);
  return text === null ? null : dateTimeOf(text);
}

function jsonOf(run: ScannedRun, name: RunFieldName): unknown {
  const bytes = run.bytesOf(name);
  return bytes === null ? null : parseUpstreamJson(bytes.toString('utf8'));
}

function textOf(run: ScannedRun, name: RunFieldName): string | null {
  const bytes = run.bytesOf(name);
  if (bytes === null) return null;
  const text = bytes.toString('utf8', 1, bytes.length - 1);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- A JSON string.
  return text.includes('\\') ? (jsonOf(run, name) as string) : text;
}
