import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mayHaveToken } from '../../src/capture/slack-hosts.ts';

const may = (url: string, allowed: string[] = []) => mayHaveToken(new URL(url), allowed);

it.each([
  'https://files.slack.com/x',
  'https://slack.com/x',
  'https://FILES-ORIGIN.SLACK.COM/x',
  'https://slack-files.com/x',
  'https://a.slack-files.com/x',
  'https://a.b.slack-edge.com/x',
  'https://files.slack-gov.com/x',
])('lets %s have the token', (url) => {
  expect(may(url)).toBe(true);
});

it.each([
  'http://files.slack.com/x',
  'https://slack.com.evil.example/x',
  'https://evilslack.com/x',
  'https://slack.co/x',
  'https://files.slack.com@evil.example/x',
  'https://user:pass@files.slack.com/x',
  'https://docs.google.com/x',
  'ftp://files.slack.com/x',
  'https://127.0.0.1/x',
  'http://localhost/x',
])('keeps the token from %s', (url) => {
  expect(may(url)).toBe(false);
});

it('lets the configured host have it, over http on this machine alone', () => {
  expect(may('https://slack.example.com/x', ['slack.example.com'])).toBe(true);
  expect(may('http://slack.example.com/x', ['slack.example.com'])).toBe(false);
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '[::1]'])
    expect(may(`http://${host}:9/x`, [host])).toBe(true);
});

it('keeps the token from every host that only contains the name of one of Slack', () => {
  const label = fc.stringMatching(/^[a-z]{1,10}$/);
  fc.assert(
    fc.property(label, label, (a, b) => {
      expect(may(`https://${a}slack.com/`)).toBe(false);
      expect(may(`https://slack.com.${a}.${b}/`)).toBe(false);
      expect(may(`https://${a}.slack.com/`)).toBe(true);
    }),
  );
});
