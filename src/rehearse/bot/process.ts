import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createFetch } from '../../network/web.ts';
import { CheckFailed } from '../endings.ts';
import type { Envelope } from '../slack/ears.ts';

/** The bot's own process, as it runs in production, with a catalog and a prefix of its own. */
export interface OwnBot {
  /** Resolves when it says that it is ready; rejects when it ends instead, or after `ms`. */
  ready(ms: number): Promise<void>;
  /** Hands it a delivery as Slack does over HTTP. True when it was acknowledged. */
  deliver(envelope: Envelope): Promise<boolean>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Lets it finish. */
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));
const STOP_MS = 26_000;
const DELIVERY_MS = 3_000;

/** Of the owner's variables, these would lead it to the owner's catalog, or to another way of hearing. */
const LEFT_OUT = /^(SLACK_|DATABASE_URL|PG[A-Z]+$|VAULT_(DATA_DIR|PREFIX|METRICS_)|REHEARSE_|PORT$|HOST$)/;

export interface OwnBotOptions {
  /** The owner's environment. */
  env: NodeJS.ProcessEnv;
  botToken: string;
  /** The gate's address. */
  apiUrl: string;
  prefix: string;
  dataDir: string;
}

/** Starts it. It hears only of what is handed to it. */
export function startOwnBot(options: OwnBotOptions): OwnBot {
  const secret = randomBytes(16).toString('hex');
  const kept = Object.entries(options.env).filter(([name]) => !LEFT_OUT.test(name));
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...Object.fromEntries(kept),
      SLACK_BOT_TOKEN: options.botToken,
      SLACK_SIGNING_SECRET: secret,
      SLACK_API_URL: options.apiUrl,
      VAULT_PREFIX: options.prefix,
      VAULT_DATA_DIR: options.dataDir,
      VAULT_CONFIRM: 'thread',
      VAULT_EXCLUDE_TYPES: '',
      VAULT_MAX_FILE_BYTES: '',
      VAULT_LOG_LEVEL: 'info',
      VAULT_VERIFY_HOURS: '0',
      VAULT_NEW_CATALOG: '1',
      HOST: '127.0.0.1',
      PORT: '0',
    },
    // In a group of its own: Ctrl+C goes to the rehearsal, which then stops it.
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  const isReady = Promise.withResolvers<void>();
  isReady.promise.catch(() => {});
  ended.then(() => isReady.reject(new CheckFailed('the bot ended instead of starting')));
  let port = 0;
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    const said = lineOf(line);
    if (typeof said.port === 'number') port = said.port;
    if (said.msg === 'RIA Vault is ready') isReady.resolve();
  });
  return {
    async ready(ms) {
      const timer = setTimeout(() => isReady.reject(new CheckFailed('the bot did not get ready')), ms);
      await isReady.promise.finally(() => clearTimeout(timer));
    },
    async deliver({ type, payload }) {
      if (type !== 'events_api' || port === 0) return false;
      const body = JSON.stringify(payload);
      const time = String(Math.floor(Date.now() / 1000));
      const signature = createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex');
      const response = await createFetch()(`http://127.0.0.1:${port}/slack/events`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-slack-request-timestamp': time,
          'x-slack-signature': `v0=${signature}`,
        },
        body,
        signal: AbortSignal.timeout(DELIVERY_MS),
      });
      return response.status === 200;
    },
    kill: () => end(child, ended, 'SIGKILL'),
    async stop() {
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await end(child, ended, 'SIGTERM').finally(() => clearTimeout(timer));
    },
  };
}

async function end(child: ChildProcess, ended: Promise<unknown>, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await ended;
}

function lineOf(line: string): { msg?: unknown; port?: unknown } {
  try {
    return JSON.parse(line) ?? {};
  } catch {
    return {};
  }
}
