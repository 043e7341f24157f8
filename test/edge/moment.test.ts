import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Screen } from '../../src/blocks/kit/elements.ts';
import { forPerson } from '../../src/edge/moment.ts';
import { SlackApiError } from '../../src/slack/api-error.ts';
import { problemFor } from '../../src/slack/problem.ts';
import { urgencyNow } from '../../src/slack/urgency.ts';

const log = pino({ level: 'silent' });
let told: string[];
const tell = async ({ text }: Screen) => void told.push(`${text} (${urgencyNow()})`);
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

beforeEach(() => {
  told = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('what a person asks for', () => {
  it('is asked of Slack as urgent, and without a word when the answer comes soon', async () => {
    const answer = forPerson({ tell, log }, async () => {
      await pause(1_900);
      return urgencyNow();
    });
    await vi.runAllTimersAsync();
    expect(await answer).toBe('person');
    expect(urgencyNow()).toBe('background');
    expect(told).toEqual([]);
  });

  it('has a word said after two seconds, once', async () => {
    const answer = forPerson({ tell, log }, () => pause(60_000));
    await vi.advanceTimersByTimeAsync(2_001);
    expect(told).toEqual([expect.stringMatching(/^One moment.*\(person\)$/)]);
    await vi.runAllTimersAsync();
    await answer;
    expect(told).toHaveLength(1);
  });

  it('has no word said after something was shown, and fails as it fails', async () => {
    const answer = forPerson({ tell, log }, async (answered) => {
      answered();
      await pause(5_000);
      throw new Error('no');
    }).catch((error: Error) => error.message);
    await vi.runAllTimersAsync();
    expect(await answer).toBe('no');
    expect(told).toEqual([]);
  });

  it('is answered although the word could not be said', async () => {
    const refuse = () => Promise.reject(new Error('gone'));
    const answer = forPerson({ tell: refuse, log }, () => pause(3_000).then(() => 'answer'));
    await vi.runAllTimersAsync();
    expect(await answer).toBe('answer');
  });

  it('without a turn ends in a sentence that says why and what to do', () => {
    const error = new SlackApiError('users.info', 'ratelimited', { temporary: true, retryAfterMs: 60_000 });
    expect(problemFor(error)).toEqual({
      code: 'ratelimited',
      message: expect.stringMatching(/Many people are asking.*try again in a minute/),
    });
  });
});
