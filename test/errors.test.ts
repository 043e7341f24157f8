import { expect, it } from 'vitest';
import { DownloadError, isRefused } from '../src/capture/download-errors.ts';
import { isPermanent, RetryableError, waitAskedFor } from '../src/errors.ts';
import { SlackApiError } from '../src/slack/api-error.ts';
import { NoTurnError } from '../src/slack/pace.ts';
import { StorageError } from '../src/storage/errors.ts';

const busy = { retryAfterMs: 30_000 };

it.each([
  [new StorageError('bucket_failed', 'no', busy), false],
  [new DownloadError('rate_limited', 'no', busy), false],
  [new DownloadError('gone', 'no', { ...busy, permanent: true }), true],
  [new SlackApiError('files.info', 'ratelimited', { ...busy, temporary: true }), false],
  [new SlackApiError('files.info', 'file_not_found', busy), true],
  [new NoTurnError(30_000), false],
])('%s says how long to wait and whether to try again', (error, permanent) => {
  expect(error).toBeInstanceOf(RetryableError);
  expect([waitAskedFor(error), isPermanent(error)]).toEqual([30_000, permanent]);
});

it.each([new Error('no'), undefined, { retryAfterMs: 5, permanent: true }])(
  'nothing else is believed about another try: %s',
  (error) => {
    expect([waitAskedFor(error), isPermanent(error), isRefused(error)]).toEqual([0, false, false]);
  },
);

it('only a download is refused for good: what a method of Slack’s says is about something else', () => {
  expect(isRefused(new DownloadError('gone', 'no', { permanent: true }))).toBe(true);
  expect(isRefused(new DownloadError('stalled', 'no'))).toBe(false);
  expect(isRefused(new SlackApiError('slackLists.download.start', 'not_allowed'))).toBe(false);
});
