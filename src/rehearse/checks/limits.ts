import type { Check } from '../check.ts';
import { NotToday } from '../endings.ts';

/** What happens when Slack has had enough. */
export const limits: Check[] = [
  {
    id: 'limit.429',
    title: 'is put off by Slack (429)',
    async run() {
      throw new NotToday(
        'never provoked: it would take calls that only strain Slack. An answer 429 in any other check is obeyed',
      );
    },
  },
];
