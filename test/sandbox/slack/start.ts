/** Starts a sandbox for one test and removes it afterwards. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { type SandboxSlack, type SlackOptions, startSlack } from '../../../sandbox/slack/server.ts';

/** A folder that is gone after the test. */
export async function tempDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'sandbox-slack-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** A new Slack for this test. */
export async function freshSlack(options: Partial<SlackOptions> = {}): Promise<SandboxSlack> {
  const dir = options.dir ?? (await tempDir());
  const slack = await startSlack({ limits: 'off', ...options, dir });
  onTestFinished(() => slack.close());
  return slack;
}

const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** The bot's Web API client, without retries of its own. */
export function webClient(slack: SandboxSlack, token = slack.app.botToken): WebClient {
  return new WebClient(token, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, logger: silent });
}

/** The name of the error of a refused Web API call. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return (error as { data?: { error?: string } }).data?.error ?? String(error);
  }
  return 'no refusal';
}

/** A file as the bot is told of it. */
// biome-ignore lint/suspicious/noExplicitAny: file objects as they travel
export async function fileInfo(slack: SandboxSlack, file: string): Promise<any> {
  return (await webClient(slack).files.info({ file })).file;
}

/** Fetches a URL of the file host with the bot's token. */
export function fetchAsBot(slack: SandboxSlack, url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { headers: { authorization: `Bearer ${slack.app.botToken}` }, ...init });
}
