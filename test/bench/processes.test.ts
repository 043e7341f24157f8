import { expect, test } from 'vitest';
import { processes } from '../../bench/parts/processes.ts';
import type { Fairness } from '../../bench/processes/fairness.ts';
import type { SlackUse } from '../../bench/processes/slack-limits.ts';
import type { Work } from '../../bench/processes/throughput.ts';
import { noPostgres } from '../helpers/postgres.ts';

test.skipIf(noPostgres() !== undefined)(
  'the benchmark of several processes: two bots capture each file once, and tell of it once',
  async () => {
    const { numbers, tables } = await processes.run({ short: true, say() {} });
    const { fast, fairness, slack } = numbers as { fast: Work[]; fairness: Fairness; slack: SlackUse };
    expect(fast).toMatchObject([{ bots: 2, files: 20, stored: 20, again: 0 }]);
    expect(fast[0]?.botCpuSeconds).toBeGreaterThan(0);
    expect(fairness.worstWaitSeconds).toBeGreaterThanOrEqual(fairness.medianWaitSeconds);
    expect(fairness.floodSeconds).toBeGreaterThan(0);
    expect(slack).toMatchObject({ due: 5, twice: 0 });
    const history = slack.methods.find(({ method }) => method === 'conversations.history');
    expect(history).toMatchObject({ granted: 50 });
    expect(tables).toHaveLength(3);
  },
  300_000,
);
