import { MINUTE_MS } from '../time.ts';
import { type Check, type CheckId, check } from './check.ts';
import type { Situation } from './situation.ts';

/** Slack refuses signatures that are older than five minutes, S3 those older than fifteen. */
const FAIL_MS = 5 * MINUTE_MS;
const WARN_MS = MINUTE_MS;

/** Notes by how much this machine's clock is ahead of another one, which said its time in an HTTP header. */
export function noteClock(
  { found }: Situation,
  whose: 'slack' | 'bucket',
  date: string | null | undefined,
  sentAt: number,
): void {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return;
  // The header has whole seconds.
  found.aheadOf[whose] = (sentAt + Date.now()) / 2 - (theirs + 500);
}

const clockCheck = (id: 'slack.clock' | 'bucket.clock', whose: 'slack' | 'bucket', needs: CheckId): Check =>
  check(id, { after: [needs] }, ({ found }, say) => {
    const ahead = found.aheadOf[whose];
    if (ahead === undefined) return say.skip('Nobody said what time it is there.');
    const seconds = Math.round(Math.abs(ahead) / 1000);
    const name = whose === 'slack' ? 'Slack’s' : 'the bucket’s';
    if (Math.abs(ahead) < WARN_MS)
      return say.ok(`This machine’s clock and ${name} agree (${seconds} s apart).`);
    const says = `This machine’s clock is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} ${name}.`;
    return Math.abs(ahead) < FAIL_MS ? say.warn('off', says) : say.fail('off', says);
  });

export const slackClock = clockCheck('slack.clock', 'slack', 'slack.reach');
export const bucketClock = clockCheck('bucket.clock', 'bucket', 'bucket.reach');
