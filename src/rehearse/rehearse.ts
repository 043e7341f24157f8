import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { nameBucket } from '../storage/bucket.ts';
import { createAsk } from './bucket/ask.ts';
import { emptyPrefix } from './bucket/clean.ts';
import type { Check } from './check.ts';
import { CheckFailed } from './endings.ts';
import { createLedger } from './ledger.ts';
import type { People } from './people.ts';
import { type Expected, type Outcome, runChecks } from './run.ts';
import { openEars } from './slack/ears.ts';
import { sweepMessages } from './slack/sweep.ts';
import { type Call, createCall, okay } from './slack/web.ts';
import { concerns, type Self, type Stage } from './stage.ts';
import { collectValues } from './values.ts';

export interface RehearsalOptions {
  config: Config;
  checks: readonly Check[];
  /** What the sandbox sends. */
  expected: Expected;
  channel: string;
  privateChannel?: string | undefined;
  /** A token of somebody else who may upload files: of a second app, or of a person. */
  helperToken?: string | undefined;
  people: People | null;
  /** Ends the rehearsal early; what it made is taken away all the same. */
  signal: AbortSignal;
  onEnd?: (outcome: Outcome) => void;
  /** Shorter in tests, in ms. */
  times?: Partial<Times>;
}

export interface Times {
  /** How long an event is waited for. */
  eventMs: number;
  /** How long it is watched whether something comes twice. */
  settleMs: number;
  /** Between two messages in a channel. */
  postEveryMs: number;
  /** How long the bot's own process may take for one step. */
  botMs: number;
  /** How long a person may take. */
  personMs: number;
  /** How long Slack may take until it repeats a delivery: it does so at once, after one minute and after five. */
  againMs: number;
}

const TIMES: Times = {
  eventMs: 20_000,
  settleMs: 1_200,
  postEveryMs: 1_050,
  botMs: 180_000,
  personMs: 120_000,
  againMs: 120_000,
};

export interface Rehearsal {
  outcomes: Outcome[];
  /** What could not be taken away, in words without names. */
  left: string[];
  /** Whether it was ended before its time. */
  interrupted: boolean;
  /** What was said in all that was seen: nothing of it may stand in a report. */
  values: ReadonlySet<string>;
}

/**
 * Runs the checks in one channel and under one prefix, and takes away what it made, also when it is interrupted. Throws
 * `CheckFailed` when it cannot begin: a sentence that says what to do.
 */
export async function rehearse(options: RehearsalOptions): Promise<Rehearsal> {
  const { config, channel, signal } = options;
  const times = { ...TIMES, ...options.times };
  const { apiUrl, botToken: token, receiver } = config.slack;
  const calling = { token, apiUrl, postEveryMs: times.postEveryMs };
  const call = createCall({ ...calling, signal });
  const self = await whoAmI(call);
  await mustBeIn(call, channel, '--channel');
  if (options.privateChannel !== undefined) await mustBeIn(call, options.privateChannel, '--private');

  const mark = `r${randomBytes(4).toString('hex')}`;
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const folder = config.bucket.prefix === '' ? '' : `${config.bucket.prefix}/`;
  const prefix = `${folder}rehearsal-${time}-${mark}/`;
  const { bucket } = await nameBucket(config.bucket);
  const ask = createAsk(bucket.client, signal);
  const ledger = createLedger();
  const dir = await mkdtemp(join(tmpdir(), 'ria-vault-rehearsal-'));
  ledger.add('a folder on this machine', () => rm(dir, { recursive: true, force: true }));
  ledger.add('objects in the bucket', () => emptyPrefix(bucket.client, bucket.name, prefix));

  const ours = new Set([channel, ...(options.privateChannel === undefined ? [] : [options.privateChannel])]);
  const stage: Stage = {
    ...{
      config,
      channel,
      privateChannel: options.privateChannel ?? null,
      self,
      call,
      ask,
      bucket,
      prefix,
      dir,
    },
    ...{ ledger, mark, ours, expecting: null, shared: {}, signal, people: options.people },
    ...{
      client: bucket.client,
      botMs: times.botMs,
      personMs: times.personMs,
      againMs: times.againMs,
      ears: null,
    },
    deafness: 'the rehearsal hears only over Socket Mode (SLACK_APP_TOKEN)',
    hands: handsOf(options.helperToken, token, self),
  };
  ledger.add('a message of the rehearsal', () => sweepMessages(stage));
  const values = collectValues([channel, options.privateChannel ?? '', mark, prefix, dir, bucket.name]);
  const tidyUp = async () => {
    await stage.ears?.close();
    // The calls so far end with the signal; those that tidy up must not.
    stage.call = createCall({ ...calling, signal: new AbortController().signal });
    const left = await ledger.cleanUp();
    bucket.close();
    return left;
  };
  try {
    if (receiver.mode === 'socket') await listen(stage, receiver.appToken, times);
    const onEnd = options.onEnd ?? (() => {});
    const outcomes = await runChecks(stage, options.checks, options.expected, { onEnd, onSight: values.add });
    return { outcomes, left: await tidyUp(), interrupted: signal.aborted, values: values.all };
  } catch (error) {
    await tidyUp();
    throw error;
  }
}

/** Opens the ears. Throws `CheckFailed` when another bot listens too: Slack would share the deliveries out. */
async function listen(stage: Stage, appToken: string, times: Times): Promise<void> {
  const { call, signal } = stage;
  const hearing = { appToken, call, signal, eventMs: times.eventMs, settleMs: times.settleMs };
  const open = () => openEars({ ...hearing, concerns: (one) => concerns(stage, one) });
  const isAlone = () => !(Number(stage.ears?.hello.num_connections) > 1);
  try {
    stage.ears = await open();
    // Slack may still count the connection of a bot that was just stopped.
    if (!isAlone()) {
      await stage.ears.close();
      await sleep(times.settleMs * 4, undefined, { signal });
      stage.ears = await open();
    }
  } catch (error) {
    stage.ears = null;
    stage.deafness = error instanceof CheckFailed ? error.message : 'Socket Mode could not be opened';
  }
  if (!isAlone())
    throw new CheckFailed(
      'another bot listens with the same app, and Slack would share the deliveries out: stop it, rehearse, and start it again (its sweep finds what was shared meanwhile)',
    );
}

async function whoAmI(call: Call): Promise<Self> {
  const answer = okay('auth.test', await call('auth.test'));
  const { team_id: teamId, user_id: userId, bot_id: botId, is_enterprise_install: isWhole } = answer.body;
  if (isWhole === true)
    throw new CheckFailed(
      'the token is for a whole organisation, and the rehearsal is made for one workspace: use a token of one workspace, with an app of its own',
    );
  const scopes = (answer.headers['x-oauth-scopes'] ?? '').split(/[\s,]+/).filter(Boolean);
  return { teamId, userId, botId, scopes, answer };
}

async function mustBeIn(call: Call, channel: string, option: string): Promise<void> {
  const { body } = await call('conversations.info', { channel });
  if (body?.channel?.is_member === true) return;
  throw new CheckFailed(
    `the bot is not in the channel of ${option}: invite it there, and give the channel’s id (in its details, C…)`,
  );
}

function handsOf(helper: string | undefined, token: string, { scopes }: Self): Stage['hands'] {
  if (helper !== undefined) return { token: helper, isOurs: false };
  return scopes.includes('files:write') ? { token, isOurs: true } : null;
}
