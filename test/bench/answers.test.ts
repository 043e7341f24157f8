import { expect, test } from 'vitest';
import { measureAnswers, table } from '../../bench/answers.ts';
import { COMMANDS } from '../../src/commands/index.ts';

test('the benchmark asks every command, and nothing that it asks is refused', async () => {
  const measured = await measureAnswers(500, { runs: 1 });
  const refused = measured.timings.filter(({ problems }) => problems.length > 0);
  expect(refused).toEqual([]);
  const names = measured.timings.map(({ name }) => name);
  expect(COMMANDS.filter(({ name }) => !names.some((one) => one.split(' ')[0] === name))).toEqual([]);
  expect(table(measured, measured).rows.map(([name]) => name)).toEqual(names);
});
