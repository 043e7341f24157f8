import type { Overrides } from '../governance/rule-model.ts';
import type { SkipReason } from '../model.ts';

/** What became of a file. */
export interface FileSubject {
  kind: 'stored' | 'not_kept' | 'trashed' | 'restored' | 'expired' | 'infected';
  fileId: string;
  name: string | null;
  bytes: number | null;
  /** Why it was recorded without its bytes, for `not_kept`. */
  reason?: SkipReason | null;
  /** Notices are told in the order of this key, then of their ids: the message's `ts` and the file's place in it. */
  sortKey?: string | null;
}

/** Files that somebody uploaded to the vault, not into a message. */
export interface Uploaded {
  files: Array<{ fileId: string; name: string | null }>;
  /** The channel that they were uploaded for; null: for the person alone. */
  channelId: string | null;
}

/** What a notice is about, by its kind. */
export type NoticeSubject =
  | FileSubject
  | { kind: 'backfill'; backfillId: number }
  /** Something is wrong, or is right again. */
  | { kind: 'trouble' | 'mended'; alertId: number }
  /** A channel's rules were changed: the new values. */
  | { kind: 'rules'; changes: Partial<Overrides> }
  /** Somebody uploaded files to the vault. */
  | { kind: 'upload'; upload: Uploaded }
  /** Retention will take files of this person on this day (days since 1970, UTC). */
  | { kind: 'leaving'; userId: string; day: number }
  /** Somebody shares a file in a channel. `opens`: they uploaded it, so the channel's people may open it. */
  | { kind: 'card'; cardOf: string; opens: boolean }
  /** An uploader gave a file to a person. */
  | { kind: 'gift'; cardOf: string; personId: string }
  /** The bot has joined the channel; or the channel has got its first emoji for saved files. */
  | { kind: 'joined' | 'sign' };

export type NoticeKind = NoticeSubject['kind'];

/** What the catalog adds to a notice. */
interface Recorded {
  id: number;
  at: number;
}

/** Something to tell a channel, and who did it. */
export type NewNotice = NoticeSubject & { actorId: string | null };

/** One change to tell a channel about. Notices that belong together share one Slack message, a post. */
export type Notice = NewNotice & Recorded;

export type FileNotice = FileSubject & { actorId: string | null } & Recorded;

/** A Slack message of ours: posted once, then edited while notices are added to it. */
export interface Post {
  id: number;
  teamId: string;
  channelId: string;
  threadTs: string | null;
  /** How it is told: a message, or a reaction on the message `threadTs`. */
  manner: 'message' | 'reaction';
  kind:
    | 'stored'
    | 'trash'
    | 'digest'
    | 'joined'
    | 'backfill'
    | 'trouble'
    | 'rules'
    | 'expiry'
    | 'scan'
    | 'sign'
    | 'upload'
    | 'leaving'
    | 'card'
    | 'gift';
  /** Which notices it gathers; see targets.ts. */
  topic?: string;
  /** Set once Slack has accepted the message. */
  ts: string | null;
  /** When an earlier attempt was given to Slack, if its answer was never recorded. */
  sentAt: number | null;
  attempts: number;
  notices: Notice[];
}
