import type { DatabaseFacts } from '../catalog/db/look.ts';
import { type Config, loadConfig } from '../config.ts';
import { READING_MACHINE, type ReadingMachine } from '../contents/room.ts';
import type { Env } from '../env.ts';
import { ConfigError } from '../errors.ts';
import { freeSpace } from '../free-space.ts';
import type { Bucket } from '../storage/bucket.ts';
import { fileSystemOf } from './file-system-kind.ts';

/** What the doctor knows, and what its checks find out for those after them. */
export interface Situation {
  env: Env;
  /** Where `.env` is looked for. */
  cwd: string;
  /** What is wrong with the settings; a part that is not set right is undefined below. */
  problems: ConfigError[];
  config: Config;
  slack?: Pick<Config['slack'], 'botToken' | 'apiUrl'>;
  receiver?: Config['slack']['receiver'];
  bucket?: Config['bucket'];
  data: Config['data'] | undefined;
  /** The machine, which tests replace. */
  machine: Machine;
  found: Found;
}

export interface Machine {
  /** Bytes that may still be written there. */
  freeSpace(folder: string): Promise<number>;
  /** What kind of file system it is. */
  fileSystemOf(folder: string): Promise<'disk' | 'network' | 'passing'>;
  nodeVersion: string;
  /** What it has to read files with. */
  reading: ReadingMachine;
  /** Where answers to commands go; missing: where Slack's API says. */
  hooks?: string;
}

export interface Found {
  teamId?: string;
  scopes?: string[];
  /** By how much this machine's clock is ahead, in ms, by whose. */
  aheadOf: { slack?: number; bucket?: number };
  bucket?: Bucket;
  /** The bucket keeps versions. */
  versionId?: string | undefined;
  hasVersions?: boolean;
  /** It retains new objects for a time. */
  isRetained?: boolean;
  database?: DatabaseFacts;
  closers: Array<() => unknown>;
}

export const THIS_MACHINE: Machine = {
  ...{ freeSpace, fileSystemOf },
  nodeVersion: process.versions.node,
  reading: READING_MACHINE,
};

/** Values that pass, in the place of missing ones, so that the other settings are read, too. */
const STAND_INS: Record<string, string> = {
  SLACK_BOT_TOKEN: 'xoxb-none',
  SLACK_APP_TOKEN: 'xapp-none',
  VAULT_BUCKET: 'none',
};
const OF_SLACK = /^SLACK_(BOT_TOKEN|API_URL)$/;
const OF_LINE = /^SLACK_(APP_TOKEN|SIGNING_SECRET)$/;
const OF_BUCKET = /^VAULT_(BUCKET|PREFIX|S3_|LINK_ENDPOINT)/;
const OF_DATA = /^(DATABASE_URL|VAULT_DATA_DIR)$/;

/** Reads all settings, and goes on after what is wrong. */
export function readSituation(
  env: Env,
  cwd: string,
  machine: Machine = THIS_MACHINE,
  known: readonly ConfigError[] = [],
): Situation {
  const problems: ConfigError[] = [...known];
  const isWrong = (names: RegExp) =>
    problems.some(({ variable }) => names.test(variable.replace(/_FILE$/, '')));
  let left: Env = env;
  for (;;) {
    try {
      const config = loadConfig(left);
      return {
        ...{ env, cwd, problems, config, machine },
        ...(isWrong(OF_SLACK) ? {} : { slack: config.slack }),
        ...(isWrong(OF_LINE) ? {} : { receiver: config.slack.receiver }),
        ...(isWrong(OF_BUCKET) ? {} : { bucket: config.bucket }),
        data: isWrong(OF_DATA) ? undefined : config.data,
        found: { aheadOf: {}, closers: [] },
      };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const { variable } = error;
      // A variable whose stand-in does not help either would be met for ever.
      if (problems.some((earlier) => earlier.variable === variable) || left[variable] === STAND_INS[variable])
        throw error;
      // A secret whose file cannot be read is not set, and that is told already.
      if (!problems.some((earlier) => earlier.variable === `${variable}_FILE`)) problems.push(error);
      left = { ...left, [variable]: STAND_INS[variable] };
    }
  }
}
