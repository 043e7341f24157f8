import type { S3Client } from '@aws-sdk/client-s3';
import type { Config } from '../config.ts';
import type { Bucket } from '../storage/bucket.ts';
import type { Ask } from './bucket/ask.ts';
import { NotToday } from './endings.ts';
import type { Ledger } from './ledger.ts';
import type { People } from './people.ts';
import type { Ears, Envelope } from './slack/ears.ts';
import type { Answer, Call } from './slack/web.ts';

/** Who the bot is and what it may do, from `auth.test`. */
export interface Self {
  teamId: string;
  userId: string;
  botId: string;
  scopes: readonly string[];
  answer: Answer;
}

/** A file that was shared, with what Slack says about it. */
export interface SharedFile {
  id: string;
  bytes: Buffer;
}

/** Everything that the checks work with. */
export interface Stage {
  config: Config;
  /** The test channel's id, and that of a private one. */
  channel: string;
  privateChannel: string | null;
  self: Self;
  call: Call;
  /** A token that may upload files, or null: then only people can share. `isOurs`: it is the bot's own. */
  hands: { token: string; isOurs: boolean } | null;
  ears: Ears | null;
  /** Why there are no ears, for the report. */
  deafness: string;
  people: People | null;
  bucket: Bucket;
  client: S3Client;
  ask: Ask;
  /** What every key of the rehearsal begins with; ends with a slash. */
  prefix: string;
  /** A folder of our own on this machine. */
  dir: string;
  ledger: Ledger;
  /** A word that no other run uses, in all that it writes. */
  mark: string;
  /** How long the bot's own process may take to start or to store a file, in ms. */
  botMs: number;
  /** How long a person may take, and Slack until it repeats a delivery, in ms. */
  personMs: number;
  againMs: number;
  /** Ids of what the rehearsal made: deliveries that name one are its own. */
  ours: Set<string>;
  /** Set while somebody is asked to do something that no id of ours is in. */
  expecting: ((envelope: Envelope) => boolean) | null;
  /** What earlier checks left for later ones. */
  shared: { plain?: SharedFile; message?: string };
  signal: AbortSignal;
}

/** The ears. Throws `NotToday` where there are none. */
export function earsOf(stage: Stage): Ears {
  if (stage.ears === null) throw new NotToday(stage.deafness);
  return stage.ears;
}

/** Whether a delivery is about the rehearsal: it names its channel, or something that it made. */
export function concerns(stage: Pick<Stage, 'ours' | 'expecting'>, envelope: Envelope): boolean {
  if (stage.expecting?.(envelope)) return true;
  const text = JSON.stringify(envelope);
  return [...stage.ours].some((id) => text.includes(`"${id}"`));
}

/** Whether an envelope holds all of these words, wherever. */
export function says(envelope: Envelope, ...words: string[]): boolean {
  const text = JSON.stringify(envelope);
  return words.every((word) => text.includes(word));
}
