/** A part of a run: the answer of its endpoint, and what GraphQL shows of it. */
interface KnownPart {
  /** Below `/v1/`. */
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
  metrics: {
    path: 'runs/run-00000000-0000-4000-8000-000000000001/metrics',
    response: {
      id: 'run-00000000-0000-4000-8000-000000000001',
      organization_id: 'org-00000000-0000-4000-8000-000000000000',
      agent_id: 'agent-00000000-0000-4000-8000-000000000001',
      project_id: null,
      run_start_ns: 1_764_000_000_123_456_000,
      run_ns: 22_292_676_602,
      num_steps: 3,
      tools_used: ['tool-00000000-0000-4000-8000-000000000001'],
      template_id: null,
      base_template_id: null,
    },
    selection: 'totalDurationNs metrics { startedAt durationNs stepCount toolIds }',
    shown: {
      totalDurationNs: 22_292_676_602,
      metrics: {
        startedAt: '2025-11-24T16:00:00.123456Z',
        durationNs: 22_292_676_602,
        stepCount: 3,
        toolIds: ['tool-00000000-0000-4000-8000-000000000001'],
      },
    },
  },
  steps: {
    path: 'runs/run-00000000-0000-4000-8000-000000000001/steps',
    response: [
      {
        id: 'step-00000000-0000-4000-8000-000000000001',
        origin: null,
        run_id: 'run-00000000-0000-4000-8000-000000000001',
        agent_id: 'agent-00000000-0000-4000-8000-000000000001',
        provider_name: 'openai',
        model: 'gpt-4o-mini',
        completion_tokens: 85,
        prompt_tokens: 693,
        total_tokens: 778,
        reasoning_tokens: null,
        stop_reason: 'no_tool_call',
        tags: [],
        messages: [],
        status: 'failed',
      },
    ],
    selection:
      'steps { nodes { index model status stopReason } } usage { totalTokens reasoningTokens stepCount }',
    shown: {
      steps: {
        nodes: [{ index: 0, model: 'gpt-4o-mini', status: 'FAILED', stopReason: 'NO_TOOL_CALL' }],
      },
      usage: { totalTokens: 778, reasoningTokens: null, stepCount: 1 },
    },
  },
  messages: {
    path: 'runs/run-00000000-0000-4000-8000-000000000001/messages',
    response: [
      {
        id: 'message-00000000-0000-4000-8000-000000000001',
        date: '2025-11-24T16:00:00+00:00',
        name: null,
        message_type: 'user_message',
        otid: null,
        sender_id: null,
        step_id: null,
        is_err: null,
        seq_id: null,
        run_id: 'run-00000000-0000-4000-8000-000000000001',
        content: 'Hello',
      },
    ],
    selection: 'messages { nodes { messageType messageId ... on RunUserMessage { text } } }',
    shown: {
      messages: {
        nodes: [
          {
            messageType: 'USER_MESSAGE',
            messageId: 'message-00000000-0000-4000-8000-000000000001',
            text: 'Hello',
          },
        ],
      },
    },
  },
  timing: {
    path: 'steps/step-00000000-0000-4000-8000-000000000001/metrics',
    response: {
      id: 'step-00000000-0000-4000-8000-000000000001',
      provider_id: null,
      run_id: 'run-00000000-0000-4000-8000-000000000001',
      agent_id: 'agent-00000000-0000-4000-8000-000000000001',
      step_start_ns: 1_764_000_000_123_456_000,
      llm_request_start_ns: null,
      llm_request_ns: 1_500_000_000,
      tool_execution_ns: 250_000_000,
      step_ns: 2_000_000_000,
      base_template_id: null,
      template_id: null,
      project_id: null,
    },
    selection: 'steps { nodes { timing { startedAt totalNs modelNs toolNs } } }',
    shown: {
      steps: {
        nodes: [
          {
            timing: {
              startedAt: '2025-11-24T16:00:00.123456Z',
              totalNs: 2_000_000_000,
              modelNs: 1_500_000_000,
              toolNs: 250_000_000,
            },
          },
        ],
      },
    },
  },
};
