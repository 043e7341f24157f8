import { expect, it } from 'vitest';
import { problemScreen } from '../../src/blocks/problem.ts';
import { expectScreen } from './snapshot.ts';

it('is one sentence and a small code', async () => {
  const message = 'Only the person who shared Q3 budget.pdf and admins can delete it.';
  await expectScreen('problem', problemScreen({ message, code: 'not_allowed' }));
});

it('has a sentence for an error without one, and lets none mention anybody', () => {
  expect(problemScreen({ message: ' ' }).text).toBe('Something went wrong. Please try again.');
  expect(problemScreen({ message: 'No <!here>\nfile' }).text).toBe('No &lt;!here&gt; file');
});

it('keeps links to channels, and nothing else that Slack would read', () => {
  const { text } = problemScreen({ message: 'Only people in <#C0FINANCE> can open this, <@U0ANN> <!here>.' });
  expect(text).toBe('Only people in <#C0FINANCE> can open this, &lt;@U0ANN&gt; &lt;!here&gt;.');
});
