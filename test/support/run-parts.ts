/** A part of a run: the answer of its endpoint, and what GraphQL shows of it. */
interface KnownPart {
  /** Below the path of the run. */
  readonly path: string;
  /** As Letta 0.16.7 sends it. */
  readonly response: unknown;
  /** What selects it of `Run`. */
  readonly selection: string;
  /** What is shown of the run. */
  readonly shown: Readonly<Record<string, unknown>>;
}

/** What the tests know of each part, by its name in the gateway. Nothing else here comes from `src`. */
export const KNOWN_PARTS: Readonly<Record<string, KnownPart>> = {
  duration: {
    path: 'metrics',
    response: {
      id: 'run-00000000-0000-4000-8000-000000000001',
      organization_id: 'org-00000000-0000-4000-8000-000000000000',
      agent_id: 'agent-00000000-0000-4000-8000-000000000001',
      project_id: null,
      run_start_ns: 1_764_000_000_123_456_000,
      run_ns: 22_292_676_602,
      num_steps: 3,
      tools_used: ['tool-00000000-0000-4000-8000-000000000001'],
      base_template_id: null,
    },
    selection: 'totalDurationNs',
    shown: { totalDurationNs: 22_292_676_602 },
  },
};
