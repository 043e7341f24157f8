/** `npm run restore`: puts a backup of the catalog back, and brings it up to date from the bucket. */

import './closed-output.ts';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type BroughtUp, bringUpToDate } from '../backup/bring-up-to-date.ts';
import { BackupError } from '../backup/errors.ts';
import { putBackPostgres } from '../backup/put-back-postgres.ts';
import { type PutBack, putBackSqlite } from '../backup/put-back-sqlite.ts';
import { count } from '../blocks/text/wording.ts';
import { filesOutside, storedFiles } from '../catalog/alerts/verify.ts';
import { CatalogError } from '../catalog/db/errors.ts';
import { workspaceOf } from '../catalog/governance/workspace.ts';
import { loadStores, onUnshare } from '../config.ts';
import type { Env } from '../env.ts';
import { readEnvironment } from '../environment.ts';
import { ConfigError } from '../errors.ts';
import { SegmentError } from '../journal/segment.ts';
import { journalTeams } from '../journal/store.ts';
import { trustCertificates } from '../network/trust.ts';
import { type Bucket, openBucket } from '../storage/bucket.ts';
import { StorageError } from '../storage/errors.ts';
import { keyPrefix } from '../storage/inventory.ts';

const USAGE = `npm run restore -- FILE [--replace] [--json]

Puts a backup that npm run backup made in the place of the catalog (DATABASE_URL, else VAULT_DATA_DIR), and brings it up to
date: what happened since the backup is in the journal in the bucket. Stop the bot before.

  --replace   also over a catalog that is not empty; that one is kept beside it
  --json      the outcome as one JSON object

Ends with 0 when everything is there again, 1 when something of the time since the backup is missing, 2 when it was refused or
broke off: a sentence says why, and what the catalog holds then.`;

process.exitCode = await run(process.argv.slice(2));

async function run(args: string[]): Promise<number> {
  try {
    if (args.includes('--help')) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    const env = readEnvironment();
    const options = readOptions(args);
    const { kept, ...outcome } = await restore(options, env);
    process.stdout.write(options.json ? `${JSON.stringify({ kept, ...outcome })}\n` : asText(kept, outcome));
    return isWhole(outcome) ? 0 : 1;
  } catch (error) {
    const kinds = [ConfigError, CatalogError, StorageError, SegmentError, BackupError];
    const isExpected = kinds.some((kind) => error instanceof kind);
    const problem = isExpected ? (error as Error).message : `The restore failed: ${(error as Error).stack}`;
    process.stderr.write(`${problem}\n`);
    return 2;
  }
}

async function restore({ file, replace }: { file: string; replace: boolean }, env: Env) {
  const { data, bucket: settings } = loadStores(env);
  trustCertificates(env);
  const now = Date.now();
  const bucket = await openBucket(settings);
  try {
    const what = { file, replace, now };
    const { databaseUrl, dataDir } = data;
    const back: PutBack =
      databaseUrl === undefined
        ? await putBackSqlite({ ...what, dataDir })
        : await putBackPostgres({ ...what, databaseUrl });
    try {
      const teamId = await refuseOthers(back, bucket);
      const onProgress = (line: string) => process.stderr.write(`… ${line}\n`);
      const catalog = { ...back.catalog, onUnshare: onUnshare(env) };
      const outcome = await bringUpToDate({ catalog, bucket, teamId, onProgress, now: Date.now });
      return { ...outcome, kept: await back.finish() };
    } catch (error) {
      process.stderr.write(`${await back.giveUp()}\n`);
      throw error;
    }
  } finally {
    bucket.close();
  }
}

/** The backup's workspace. Throws `BackupError` when bucket and prefix hold another one, or other files. */
async function refuseOthers({ catalog }: PutBack, bucket: Bucket): Promise<string> {
  const teamId = await workspaceOf(catalog);
  const teams = await journalTeams(bucket);
  if (teamId === undefined)
    throw new BackupError(
      'backup_other_workspace',
      'The backup knows no workspace, so there is nothing in it: npm run rebuild makes a catalog from the bucket.',
    );
  if (teams.length > 0 && !teams.includes(teamId))
    throw new BackupError(
      'backup_other_workspace',
      `The backup is of the workspace ${teamId}, and ${bucket.name} holds ${teams.join(', ')}: check VAULT_BUCKET and VAULT_PREFIX, or take another backup.`,
    );
  const [stored, outside] = [await storedFiles(catalog), await filesOutside(catalog, keyPrefix(bucket))];
  if (stored > 0 && outside === stored)
    throw new BackupError(
      'backup_other_prefix',
      `None of the backup's ${count(stored, 'file')} is under VAULT_PREFIX=${bucket.prefix}: set it as it was when the backup was made.`,
    );
  return teamId;
}

function isWhole({ damaged, lost }: BroughtUp): boolean {
  return damaged.length === 0 && lost.length === 0;
}

function asText(kept: string | null, outcome: BroughtUp): string {
  const { way, segments, records, damaged, adopted, lost, strangers } = outcome;
  const ways = {
    forward: `Since the backup: ${count(records, 'change')} from ${count(segments, 'segment')} of the journal`,
    whole: `The journal was told anew since the backup, so it was taken alone: ${count(records, 'record')} from ${count(segments, 'segment')}`,
    nothing: 'The bucket has no later journal than the backup',
  };
  const lines = ['Restored the catalog.', `  ${ways[way]}.`];
  if (kept !== null) lines.push(`  The catalog that was there before is kept: ${kept}`);
  if (adopted > 0) lines.push(`  ${count(adopted, 'file')} that only the objects themselves told of`);
  if (strangers > 0) lines.push(`  ${count(strangers, 'object')} that belong to no file of this catalog`);
  for (const segment of damaged) lines.push(`  DAMAGED   segment ${segment}: passed over`);
  for (const { fileId, capturedAgain } of lost.slice(0, 20))
    lines.push(`  LOST      ${fileId}${capturedAgain ? ': the bot captures it again from Slack' : ''}`);
  if (lost.length > 20) lines.push(`  LOST      … and ${lost.length - 20} more; see --json`);
  lines.push('Start the bot with npm start.');
  return `${lines.join('\n')}\n`;
}

function readOptions(args: string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const options = { replace: flag, json: flag };
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [file, more] = positionals;
    if (file === undefined || more !== undefined) throw new Error('Name the one file to restore.');
    return { ...values, file: resolve(file ?? '') };
  } catch (error) {
    throw new ConfigError('argv', `${(error as Error).message.split('\n', 1)[0]} See --help.`);
  }
}
