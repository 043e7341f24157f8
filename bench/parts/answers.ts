import { measureAnswers, PROMISED_MS, table } from '../answers.ts';
import type { Part } from '../part.ts';

const SMALL = 10_000;
const LARGE = 1_000_000;

export const answers: Part = {
  name: 'answers',
  title: 'Answers',
  question: 'What does the bot take for every command and click, at ten thousand files and at a million?',
  async run({ short, say }) {
    const small = await measureAnswers(short ? 1_000 : SMALL, { say });
    const large = await measureAnswers(short ? SMALL : LARGE, { say });
    const slow = large.timings.filter(({ median }) => median > PROMISED_MS).length;
    const worst = Math.max(...large.timings.map(({ median }) => median));
    return {
      tables: [table(small, large)],
      notes: [`${large.timings.length} answers, ${slow} with a median above ${PROMISED_MS} ms.`],
      marks: [
        { label: 'Slowest answer, median, at 1,000,000 files', value: worst, limit: PROMISED_MS, unit: 'ms' },
      ],
      numbers: { small, large },
    };
  },
};
