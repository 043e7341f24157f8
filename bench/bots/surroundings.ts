import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DEFAULT_APP, type SandboxSlack, startSlack } from '../../sandbox/slack/server.ts';
import type { Seed } from '../../sandbox/slack/types.ts';
import { type Sink, startSink } from '../hosts/start.ts';

const MANIFEST = join(import.meta.dirname, '../../manifest.yml');

/** What bots need around them: the sandbox's Slack with Slack's rate limits unless told otherwise, in this process, and a sink for a bucket. */
export interface Surroundings {
  slack: SandboxSlack;
  sink: Sink;
  /** A temporary folder, removed by `close`. */
  folder: string;
  /** A bot's environment, except for its catalog. */
  env: Record<string, string>;
  close(): Promise<void>;
}

/** Makes them, with a workspace of so many channels that the bot is in, called `c0`, `c1`, …. */
export async function makeSurroundings(
  channels: number,
  { mode = 'socket', limits = 'slack' }: { mode?: 'socket' | 'http'; limits?: 'slack' | 'off' } = {},
): Promise<Surroundings> {
  const folder = mkdtempSync(join(tmpdir(), 'ria-vault-bench-'));
  const app = { ...DEFAULT_APP, manifest: parse(readFileSync(MANIFEST, 'utf8')) };
  const slack = await startSlack({ dir: join(folder, 'slack'), app, limits, seed: workspaceOf(channels) });
  const sink = await startSink();
  const { botToken, appToken, signingSecret } = app;
  return {
    ...{ slack, sink, folder },
    env: {
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: botToken,
      ...(mode === 'http' ? { SLACK_SIGNING_SECRET: signingSecret } : { SLACK_APP_TOKEN: appToken }),
      VAULT_BUCKET: 'bench',
      VAULT_S3_PATH_STYLE: '1',
      AWS_ENDPOINT_URL_S3: sink.url,
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_REGION: 'us-east-1',
      // What reading costs is measured by itself.
      VAULT_TEXT: 'off',
    },
    async close() {
      sink.close();
      await slack.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function workspaceOf(channels: number): Seed {
  return {
    team: { name: 'Bench Inc', domain: 'bench-inc' },
    people: [{ name: 'anna', real_name: 'Anna Keller', role: 'member', color: '#2f7d6b' }],
    channels: Array.from({ length: channels }, (_, i) => ({ name: `c${i}`, members: ['anna', 'bot'] })),
  };
}
