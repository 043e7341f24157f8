import type { Generated } from 'kysely';
import type { ChannelKind } from '../model.ts';

/** One message, tab or upload that a file was shared with. */
export interface ShareTable {
  id: Generated<number>;
  teamId: string;
  fileId: string;
  channelId: string;
  channelKind: ChannelKind | null;
  /** Empty for a placeholder: a share whose message is not known yet. */
  ts: string;
  threadTs: string | null;
  userId: string | null;
  sharedAt: number;
  /** Since when the file is gone from there, by Slack's clock; null while it is there. Derived; see unshare.ts. */
  removedAt: number | null;
  position: Generated<number>;
  silent: Generated<number>;
  /** The newest moments for which Slack said that the message holds the file, and that it does not (Slack's clock). */
  shownAt: Generated<number>;
  takenAt: number | null;
  /** When the vault heard of that removal, by the vault's clock. */
  heardAt: number | null;
  /** 1 for a share that was made in the vault: Slack's message does not hold the file. */
  viaVault: Generated<number>;
}

/** A removal that Slack told of without naming a message, or before it told of the message. */
export interface UnsharedTable {
  teamId: string;
  channelId: string;
  /** Empty where Slack only says that the file left the channel (`file_unshared`). */
  ts: string;
  /** Empty where the whole message is gone, with any files in it. */
  fileId: string;
  /** By Slack's clock; `heardAt` by the vault's. */
  at: number;
  heardAt: number;
}
