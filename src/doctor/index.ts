import type { Env } from '../env.ts';
import type { ConfigError } from '../errors.ts';
import { bucketDelete } from './bucket-delete.ts';
import { bucketLink } from './bucket-link.ts';
import { bucketLock } from './bucket-lock.ts';
import { bucketConditional, bucketGet, bucketHead, bucketList, bucketPut } from './bucket-objects.ts';
import { bucketAbort, bucketParts, bucketUploads } from './bucket-parts.ts';
import { bucketReach } from './bucket-reach.ts';
import { bucketVersion, bucketVersioning, bucketVersions } from './bucket-versions.ts';
import type { Check, Line } from './check.ts';
import { bucketClock, slackClock } from './clock.ts';
import {
  database,
  databasePooler,
  databaseSchema,
  databaseSearch,
  databaseTls,
  databaseVersion,
  databaseWrite,
} from './database.ts';
import { disk, filesystem } from './disk.ts';
import { envFile } from './env-file.ts';
import { slackEvents } from './events.ts';
import { folder } from './folder.ts';
import { node } from './node.ts';
import { proxy } from './proxy.ts';
import { reading } from './reading.ts';
import { type RunOptions, runChecks } from './run.ts';
import { runningBot } from './running-bot.ts';
import { scanner } from './scanner.ts';
import { settings } from './settings.ts';
import { type Machine, readSituation, THIS_MACHINE } from './situation.ts';
import { slackHooks, slackLine, slackReach, slackScopes, slackToken, slackWorkspace } from './slack.ts';

/** What needs neither the network nor a database: also looked at when the bot starts. */
const OF_THE_MACHINE: readonly Check[] = [node, envFile, settings, folder, disk, filesystem];

/** All checks, in the order in which their lines are shown. */
export const CHECKS: readonly Check[] = [
  ...OF_THE_MACHINE,
  ...[reading, proxy, runningBot],
  ...[slackReach, slackHooks, slackClock, slackToken, slackWorkspace, slackScopes, slackLine, slackEvents],
  ...[bucketReach, bucketClock, bucketPut, bucketHead, bucketGet, bucketList, bucketConditional, bucketLink],
  ...[
    bucketParts,
    bucketUploads,
    bucketAbort,
    bucketVersioning,
    bucketVersions,
    bucketVersion,
    bucketLock,
    bucketDelete,
  ],
  ...[database, databaseVersion, databaseSchema, databaseWrite, databaseSearch, databaseTls, databasePooler],
  scanner,
];

export interface ExamineOptions extends RunOptions {
  cwd?: string;
  /** Settings that are known to be wrong already. */
  problems?: readonly ConfigError[];
  /** What tests replace. */
  machine?: Partial<Machine>;
}

/** Looks at everything that the vault needs. Never throws; ends within half a minute. */
export function examine(
  env: Env,
  { cwd = process.cwd(), machine = {}, problems = [], ...options }: ExamineOptions = {},
): Promise<Line[]> {
  const situation = readSituation(env, cwd, { ...THIS_MACHINE, ...machine }, problems);
  return runChecks(CHECKS, situation, options);
}

/** Looks only at the machine and the settings. */
export function examineMachine(env: Env, cwd = process.cwd()): Promise<Line[]> {
  return runChecks(OF_THE_MACHINE, readSituation(env, cwd));
}
