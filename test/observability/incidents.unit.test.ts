import { describe, expect, it } from 'vitest';
import { documentShape } from '../../src/observability/document-shape.ts';
import { Incidents } from '../../src/observability/incidents.ts';

const incident = (caller: string | undefined, requestId: string, why = '', ms?: number) => ({
  kind: 'Operation',
  caller,
  requestId,
  code: ms === undefined ? 'UPSTREAM_ERROR' : 'OK',
  why,
  ms,
});

describe('Incidents', () => {
  it('of a loud caller push out its own oldest ones, and none of another', () => {
    const incidents = new Incidents();
    for (let i = 0; i < 50; i++) incidents.add(incident('quiet', `quiet ${i}`));
    for (let i = 0; i < 30_000; i++) incidents.add(incident('loud', `loud ${i}`, 'x'.repeat(2_000)));
    const all = incidents.all();
    expect(all.filter(({ caller }) => caller === 'quiet')).toHaveLength(50);
    const loud = all.filter(({ caller }) => caller === 'loud');
    expect(loud.length).toBeGreaterThan(500);
    expect(loud.length).toBeLessThan((4 * 1024 * 1024) / 2_000);
    expect(loud.at(-1)?.requestId).toBe('loud 29999');
  });

  it('of made-up callers take no more room than all may, and leave a named one its latest', () => {
    const incidents = new Incidents();
    for (let i = 0; i < 40_000; i++) {
      incidents.add(incident(`made up ${i}`, String(i)));
      if (i % 1_000 === 0) incidents.add(incident('alice', `alice ${i}`));
    }
    const all = incidents.all();
    expect(all.length).toBeLessThan((4 * 1024 * 1024) / 600);
    expect(all.filter(({ caller }) => caller === 'alice').at(-1)?.requestId).toBe('alice 39000');
  });

  it('are the ten slowest operations of each caller, whatever came later', () => {
    const incidents = new Incidents();
    const times = Array.from({ length: 200 }, (_, index) => (index * 37) % 200);
    for (const ms of times) incidents.offer('alice', ms, () => incident('alice', String(ms), '', ms));
    incidents.offer('bob', 1, () => incident('bob', 'of bob', '', 1));
    const slowest = incidents.all().filter(({ caller }) => caller === 'alice');
    expect(new Set(slowest.map(({ ms }) => ms))).toEqual(
      new Set(Array.from({ length: 10 }, (_, index) => 190 + index)),
    );
    expect(incidents.all()).toHaveLength(11);
  });

  it('are forgotten after an hour, so that slow operations of another time hide no new ones', () => {
    let now = 0;
    const incidents = new Incidents(() => now);
    incidents.add(incident('alice', 'failed'));
    for (let i = 0; i < 10; i++) incidents.offer('alice', 5_000, () => incident('alice', 'old', '', 5_000));
    now = 3_600_001;
    incidents.offer('alice', 10, () => incident('alice', 'new', '', 10));
    expect(incidents.all().map(({ requestId }) => requestId)).toEqual(['new']);
  });
});

describe('The shape of a document', () => {
  it.each([
    [
      '{ runs(first: 5, agentId: "agent-1") { nodes { id } } }',
      '{ runs(first: $_, agentId: $_) { nodes { id } } }',
    ],
    [
      'query A($x: Int = 7) { runs(first: $x) { __typename } }',
      'query A($x: Int) { runs(first: $_) { __typename } }',
    ],
    ['{ run(id: "a") @include(if: true) { id } } # secret', '{ run(id: $_) @include(if: $_) { id } }'],
    ['{ runs(in: {a: ["secret", 5]}) { id } }', '{ runs(in: $_) { id } }'],
  ])('of %s has no values', (document, shape) => {
    expect(documentShape(document)).toBe(shape);
  });

  it('is unknown where the document is none', () => {
    expect(documentShape('{ secret')).toBeUndefined();
  });
});
