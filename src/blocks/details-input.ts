import type { Hold } from '../catalog/governance/holds.ts';
import type { AuditEntry, FileRow, FileVersion, Share } from '../catalog/model.ts';
import type { Checked } from '../catalog/scan/model.ts';
import type { Mail } from './file-facts.ts';
import type { Named } from './kit/names.ts';
import type { SaidShown } from './said.ts';

/** What is told of one file, and to whom. */
export interface DetailsInput {
  file: FileRow;
  /** Only the shares that this person may know of, oldest first; `removed` if the message is gone in Slack. */
  shares: Array<Share & { removed?: boolean }>;
  /** The audit log of this file, newest first; only what this person may know. */
  history: AuditEntry[];
  mayDelete: boolean;
  /** Older versions that the bucket holds, newest first. */
  versions?: FileVersion[];
  /** The page of a message in Slack, if it is known. */
  permalink?: (share: Share) => string | null;
  /** An address where Slack fetches the picture of an image; works for a short time. */
  previewUrl?: string | null;
  /**
   * A channel to share it in; `discloses` if people there do not know the file yet, `opens` if they can open it from then
   * on, with the channel's name.
   */
  shareIn?: {
    channelId: string;
    discloses: boolean;
    opens?: { name: string | null; isPublic?: boolean };
  } | null;
  /** It is open in a public channel, and so to everybody in the workspace. */
  isPublic?: boolean;
  /** The e-mail that it was attached to. */
  mail?: Mail | null;
  /** For a file that was too large: the most bytes that its channels take. */
  maxBytes?: number | null;
  /** This person may know of the file, but could not see it in Slack: they get none of its content. */
  oversight?: boolean;
  /** What the malware scanner said of it and of its older versions. */
  scan?: {
    newest: Checked | null;
    older: ReadonlyMap<number, Checked>;
    mayRelease: boolean;
    /** Older versions that this person may release. */
    releasable?: ReadonlySet<number>;
  } | null;
  /** What was said with it, as this person may know it, the newest first. */
  said?: SaidShown[];
  /** Why its text is not searched; `part` if some of it is. */
  unread?: { reason: string; part: boolean } | null;
  /** The holds that cover it, for those who may see and set holds. */
  holds?: Hold[] | null;
  /** Who kept it from retention, for those who may end that. */
  kept?: { by: string; at: number } | null;
  /** Whether this person runs the vault, and may know where the file is. */
  mayKnowKey?: boolean;
  /** Whether this person may put files on hold. */
  mayHold?: boolean;
  /** Who reads this. */
  userId?: string;
  names?: Named;
  /** Shows checksums, versions and history too. */
  more?: boolean;
  /** Where it was asked for. */
  channelId?: string | null;
}
