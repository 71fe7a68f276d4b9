import { instantOf } from '../../runs/position.ts';
import type { Run, RunRequestConfig } from '../../runs/run.ts';
import { type FieldKey, slotOf } from '../../runs/run-fields.ts';
import { parseJson } from '../../wire/parse-json.ts';
import { NUMBERS_PER_ROW, type Scan } from './scanner.ts';

/**
 * A run that stays text: a field is read when somebody asks for it, and those that are only passed
 * on never are.
 */
export class ScannedRun implements Run {
  readonly scan: Scan;
  readonly row: number;
  /** Rows of a list, all of them: a run that is looked up is parsed. */
  readonly isDurationMeasured = true;

  constructor(scan: Scan, row: number) {
    this.scan = scan;
    this.row = row;
  }

  get id(): string {
    return this.#text('id') ?? '';
  }

  get agentId(): string {
    return this.#text('agent_id') ?? '';
  }

  get createdAt(): string {
    return this.#text('created_at') ?? '';
  }

  get createdInstant(): string {
    return instantOf(this.createdAt) ?? '';
  }

  get status(): string | null {
    return this.#text('status');
  }

  get stopReason(): string | null {
    return this.#text('stop_reason');
  }

  get completedAt(): string | null {
    return this.#instant('completed_at');
  }

  get conversationId(): string | null {
    return this.#text('conversation_id');
  }

  get baseTemplateId(): string | null {
    return this.#text('base_template_id');
  }

  get background(): boolean | null {
    return this.#json('background');
  }

  get metadata(): Readonly<Record<string, unknown>> | null {
    return this.#json('metadata');
  }

  get requestConfig(): RunRequestConfig | null {
    if (this.#bytes('request_config') === null) return null;
    return {
      useAssistantMessage: this.#json('use_assistant_message'),
      assistantMessageToolName: this.#text('assistant_message_tool_name'),
      assistantMessageToolKwarg: this.#text('assistant_message_tool_kwarg'),
      includeReturnMessageTypes: this.#json('include_return_message_types'),
    };
  }

  get callbackUrl(): string | null {
    return this.#text('callback_url');
  }

  get callbackSentAt(): string | null {
    return this.#instant('callback_sent_at');
  }

  get callbackStatusCode(): number | null {
    return this.#json('callback_status_code');
  }

  get callbackError(): string | null {
    return this.#text('callback_error');
  }

  get ttftNs(): number | null {
    return this.#json('ttft_ns');
  }

  get totalDurationNs(): number | null {
    return this.#json('total_duration_ns');
  }

  #bytes(key: FieldKey): Buffer | null {
    const { body, slots } = this.scan;
    const at = this.row * NUMBERS_PER_ROW + 2 * slotOf(key);
    const [start = 0, end = 0] = [slots[at], slots[at + 1]];
    return start === 0 ? null : body.slice(start, end);
  }

  /** Its type is known: the scanner accepts no other. */
  // oxlint-disable-next-line typescript/no-explicit-any -- See above.
  #json(key: FieldKey): any {
    const bytes = this.#bytes(key);
    return bytes === null ? null : parseJson(bytes.toString('utf8'));
  }

  #text(key: FieldKey): string | null {
    const bytes = this.#bytes(key);
    if (bytes === null) return null;
    const text = bytes.toString('utf8', 1, bytes.length - 1);
    return text.includes('\\') ? this.#json(key) : text;
  }

  #instant(key: FieldKey): string | null {
    const text = this.#text(key);
    return text === null || text.endsWith('Z') ? text : `${text}Z`;
  }
}
