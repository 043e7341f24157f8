import { expect, it } from 'vitest';
import { channels } from '../../bench/parts/channels.ts';

it('counts what thousands of channels ask of Slack', { timeout: 180_000 }, async () => {
  const said: string[] = [];
  const report = await channels.run({ short: true, say: (line) => said.push(line) });
  expect(said).toEqual([expect.stringMatching(/^40 of 307 channels/)]);
  expect(report.marks.map(({ label }) => label)).toContain('users.conversations in a minute');
  for (const { value, limit } of report.marks) expect(value).toBeLessThanOrEqual(limit);
  expect(report.numbers).toMatchObject({ count: 300, refused: 0 });
});
