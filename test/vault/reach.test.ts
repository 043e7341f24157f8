import { expect, it } from 'vitest';
import { reachableFrom } from '../../src/vault/files/reach.ts';

it.each([
  ['acme.slack.com', 'bucket.s3.eu-central-1.amazonaws.com', true],
  ['acme.slack.com', 's3.example.com', true],
  ['acme.slack.com', '203.0.113.9', true],
  ['acme.slack.com', 'localhost', false],
  ['acme.slack.com', 'minio', false],
  ['acme.slack.com', '127.0.0.1', false],
  ['acme.slack.com', '10.1.2.3', false],
  ['acme.slack.com', '172.31.0.1', false],
  ['acme.slack.com', '172.32.0.1', true],
  ['acme.slack.com', '[::1]', false],
  ['acme.slack.com', 's3.corp.internal', false],
  ['127.0.0.1', '127.0.0.1', true],
])('Slack at %s reaches a bucket at %s: %s', (slack, bucket, reached) => {
  expect(reachableFrom(slack, bucket)).toBe(reached);
});
