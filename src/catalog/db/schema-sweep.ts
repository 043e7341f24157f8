import type { Generated } from 'kysely';
import type { BackfillState } from '../model.ts';
import type { DueColumns } from './due-columns.ts';

/** A channel's standing sweep. The row with an empty channel id is the round that keeps the list of channels. */
export interface SweepTable extends DueColumns {
  teamId: string;
  channelId: string;
  /** Everything shared up to this moment (Slack's time) is known. */
  sweptTo: number;
  /** When the vault first knew that it is in the channel. */
  metAt: number;
  /** When a sweep was last asked for; a sweep that began earlier is not the answer. */
  wantedAt: number;
  /** When the walk under way began; null between walks. */
  beganAt: number | null;
  /** The newest moment that Slack showed when the walk began. */
  newest: number | null;
  /** Where the walk stands, as JSON; see walk.ts of capture. */
  position: string | null;
  /** Files found that the vault had missed, in this walk or the last. */
  found: Generated<number>;
  sweptAt: number | null;
  /** Why the channel cannot be read, or the last failed attempt. */
  errorCode: string | null;
}

export interface BackfillTable extends DueColumns {
  teamId: string;
  channelId: string;
  state: BackfillState;
  requestedBy: string;
  stoppedBy: string | null;
  startedAt: number;
  endedAt: number | null;
  /** When the channel was made: where the walk will end. */
  channelCreatedAt: number | null;
  position: string | null;
  /** How far back the walk has come. */
  reachedAt: number | null;
  pages: Generated<number>;
  messages: Generated<number>;
  /** Files seen that the vault had before. */
  known: Generated<number>;
  /** When its message was last made due. */
  toldAt: Generated<number>;
  errorCode: string | null;
  /** The backfill of all channels that this one is a part of; 0: it is that backfill itself. */
  parentId?: number | null;
  /** Of a part: files that it found, stored and left out, as it last looked. */
  found: Generated<number>;
  stored: Generated<number>;
  skipped: Generated<number>;
}

/** A public channel that the bot is to join; due until it is in, or Slack refused for good. */
export interface ChannelJoinTable extends DueColumns {
  teamId: string;
  channelId: string;
  name: string | null;
  /** The admin who asked for it; null: by the rule of VAULT_JOIN. */
  wantedBy: string | null;
  wantedAt: number;
  /** Slack's code, if it refused for good. */
  refused: string | null;
}
