import * as fc from 'fast-check';

export const text = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('', '日本語 ✓', '{"q":"a"}', 'a\nb', '\\ "'),
);
export const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value);
export const json = fc.constantFrom({ a: 1 }, { list: [null, 'x', { deep: true }] }, {});

interface Value {
  readonly wire: unknown;
  readonly shown: unknown;
}

const textPart = fc.record({ text, signature: maybe(text) }).map((part): Value => ({
  wire: { type: 'text', ...part },
  shown: { __typename: 'RunTextPart', ...part },
}));
const imagePart = fc.constantFrom('letta', 'url', 'base64').map((type): Value => {
  const given = {
    letta: { file_id: 'file-1', media_type: 'image/png', data: 'iVBORw0KGgo=', detail: 'low' },
    url: { url: 'https://example.org/a.png' },
    base64: { media_type: 'image/png', data: 'iVBORw0KGgo=', detail: null },
  }[type];
  const source: Readonly<Record<string, unknown>> = given ?? {};
  return {
    wire: { type: 'image', source: { type, ...source } },
    shown: {
      __typename: 'RunImagePart',
      sourceType: type,
      fileId: source['file_id'] ?? null,
      url: source['url'] ?? null,
      mediaType: source['media_type'] ?? null,
      data: source['data'] ?? null,
      detail: source['detail'] ?? null,
    },
  };
});
const oddPart = fc
  .constantFrom<unknown>(
    { type: 'audio', data: 'x' },
    { type: 'text', text: 7 },
    { type: 'image' },
    5,
    true,
    null,
  )
  .map((raw): Value => ({ wire: raw, shown: { __typename: 'RunUnrecognizedPart', raw } }));
const parts = fc.array(fc.oneof({ weight: 3, arbitrary: textPart }, imagePart, oddPart), { maxLength: 3 });

interface Content {
  readonly wire: unknown;
  readonly parts: readonly unknown[];
  readonly text: string | null;
}

/** A text, parts, null, or what no release sends. */
const content: fc.Arbitrary<Content> = fc.oneof(
  {
    weight: 4,
    arbitrary: text.map((wire) => ({
      wire,
      parts: [{ __typename: 'RunTextPart', text: wire, signature: null }],
      text: wire,
    })),
  },
  {
    weight: 3,
    arbitrary: parts.map((list) => {
      const texts = list
        .map(({ shown }) => shown as { __typename: string; text: string })
        .filter((part) => part.__typename === 'RunTextPart')
        .map((part) => part.text);
      return {
        wire: list.map((part) => part.wire),
        parts: list.map((part) => part.shown),
        text: texts.length === 0 ? null : texts.join('\n'),
      };
    }),
  },
  fc.constant({ wire: null, parts: [], text: null }),
  fc.constantFrom(5, { other: true }, false).map((wire) => ({
    wire,
    parts: [{ __typename: 'RunUnrecognizedPart', raw: wire }],
    text: null,
  })),
);

const callIds = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 3 });

/** Some fields as the API sends them, and as the gateway should show them. */
export interface Fields {
  readonly wire: Readonly<Record<string, unknown>>;
  readonly shown: Readonly<Record<string, unknown>>;
}

/** How a list comes: with the deprecated fields that tell its first item, without them, or only those. */
const spelling = fc.constantFrom('both', 'list', 'single');

function spelled(
  how: string,
  list: Readonly<Record<string, unknown>>,
  single: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return { ...(how !== 'single' && list), ...(how !== 'list' && single) };
}

export const toolCalls: fc.Arbitrary<Fields> = fc
  .tuple(callIds, maybe(text), maybe(text), spelling)
  .map(([ids, name, args, how]) => {
    const used = how === 'single' ? ids.slice(0, 1) : ids;
    const wires = used.map((id) => ({ name, arguments: args, tool_call_id: `call_${id}` }));
    return {
      wire: spelled(how, { tool_calls: wires }, { tool_call: wires[0] }),
      shown: { toolCalls: used.map((id) => ({ id: `call_${id}`, name, arguments: args })) },
    };
  });

const streams = maybe(fc.array(text, { maxLength: 2 }));
const toolReturn = fc
  .tuple(content, fc.constantFrom('success', 'error', 'later'), streams, streams)
  .map(([value, status, stdout, stderr]) => ({
    wire: { tool_return: value.wire, status, stdout, stderr },
    shown: {
      status: status === 'later' ? 'UNRECOGNIZED' : status.toUpperCase(),
      content: value.text,
      parts: value.parts,
      stdout,
      stderr,
    },
  }));

function returnOf(id: number, { wire, shown }: Fields): Fields {
  return {
    wire: { type: 'tool', ...wire, tool_call_id: `call_${id}` },
    shown: { toolCallId: `call_${id}`, ...shown },
  };
}

export const toolReturns: fc.Arbitrary<Fields> = fc
  .tuple(callIds, fc.array(toolReturn, { minLength: 3, maxLength: 3 }), spelling)
  .map(([ids, returns, how]) => {
    const used = (how === 'single' ? ids.slice(0, 1) : ids).map((id, i) =>
      returnOf(id, returns[i] as Fields),
    );
    const { type: _type, ...single } = used[0]?.wire ?? {};
    return {
      wire: spelled(how, { tool_returns: used.map(({ wire }) => wire) }, single),
      shown: { toolReturns: used.map(({ shown }) => shown) },
    };
  });

export const approvals: fc.Arbitrary<Fields> = fc
  .tuple(callIds, fc.array(toolReturn, { maxLength: 1 }), fc.boolean(), maybe(text), spelling)
  .map(([ids, returns, approve, reason, how]) => {
    const used = how === 'single' ? ids.slice(0, 1) : ids;
    const returned = how === 'single' ? [] : returns.map((each) => returnOf(100, each));
    const decided = used.map((id) => ({ tool_call_id: `call_${id}`, approve, reason }));
    const list = [
      ...returned.map(({ wire }) => wire),
      ...decided.map((each) => ({ type: 'approval', ...each })),
    ];
    const single = { approve, approval_request_id: `call_${used[0]}`, reason };
    return {
      wire: spelled(how, { approvals: list }, single),
      shown: {
        approvals: used.map((id) => ({ toolCallId: `call_${id}`, approve, reason })),
        toolReturns: returned.map(({ shown }) => shown),
      },
    };
  });

export const contentFields = content.map((value): Fields => ({
  wire: { content: value.wire },
  shown: { text: value.text, parts: value.parts },
}));
