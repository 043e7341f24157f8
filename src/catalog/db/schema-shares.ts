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
  /** Since when the file is not there any more, by Slack's clock; null while it is. Follows from the rest; see unshare.ts. */
  removedAt: number | null;
  position: Generated<number>;
  silent: Generated<number>;
  /** The newest moment for which Slack told that the message holds the file, and that it does not, by Slack's clock. */
  shownAt: Generated<number>;
  takenAt: number | null;
  /** When the vault heard of that removal, by its own clock. */
  heardAt: number | null;
}

/** A removal that Slack told of without a message, or before it told of the message. */
export interface UnsharedTable {
  teamId: string;
  channelId: string;
  /** Empty where Slack only says that the file left the channel (`file_unshared`). */
  ts: string;
  /** Empty where the whole message is gone, whatever it held. */
  fileId: string;
  /** By Slack's clock, and by the vault's. */
  at: number;
  heardAt: number;
}
