import { type Alert, openAlerts } from '../../catalog/alerts/alerts.ts';
import type { ListedFile } from '../../catalog/model.ts';
import type { Checked } from '../../catalog/scan/model.ts';
import { recentFiles } from '../../catalog/search/recent.ts';
import { type Sum, totals, trashTotal, uploadedBy } from '../../catalog/totals/stats.ts';
import {
  beingRetried,
  type Counted,
  type CountedUpTo,
  links,
  notKept,
  onTheWay,
  queueDepth,
} from '../../catalog/totals/under-way.ts';
import type { Vault } from '../context.ts';
import { limitsOf } from '../files/page.ts';
import { type Named, namesShown } from '../names.ts';
import { checksOf } from '../scan/facts.ts';
import { ownChannels, type PublicChannels, publicChannels } from './channel-count.ts';

const RECENT = 10;
const FAILED = 3;
const NOT_KEPT = 10;
const ON_THE_WAY = 5;

/** What one person's App Home says: only what they could see in Slack. */
export interface HomeFacts {
  userId: string;
  /** Milliseconds since 1970. */
  now: number;
  /** A guest or somebody of another organisation: they see no more than their own channels. */
  isGuest: boolean;
  /** In the channels that this person can see. */
  stored: Sum;
  /** What this person uploaded. */
  own: Sum;
  onTheWay: Counted;
  /** Files that are tried again until it works. */
  failures: Counted;
  notKept: CountedUpTo;
  links: Pick<CountedUpTo, 'total' | 'atLeast'>;
  recent: ListedFile[];
  mayDelete(file: ListedFile): boolean;
  /** The most bytes that the channel of a file takes, if that matters. */
  maxBytes(file: ListedFile): number | null;
  /** What the malware scanner said of the newest version of a file. */
  check(file: ListedFile): Checked | undefined;
  /** Public channels that this person is in: with the bot, and without it. */
  saved: string[];
  notSaved: string[];
  /** Since when the bucket has been away, if it has not answered since the start. */
  bucketAwaySince: number | null;
  /** Only for people who run the vault. */
  admin: AdminFacts | null;
  names: Named;
}

export interface AdminFacts {
  channels: PublicChannels;
  /** Current problems. */
  alerts: Alert[];
  waiting: number;
  failed: number;
  trash: Sum;
}

/** What one person sees in App Home now. Reads sums and a few rows, however much the vault holds. */
export async function homeOf(vault: Vault, userId: string): Promise<HomeFacts> {
  const { catalog, rights, identity, people, bucketAwaySince = null } = vault;
  const { teamId } = identity;
  const [channelIds, isAdmin, mayDelete, { isFullMember }] = await Promise.all([
    rights.visibleChannels(userId),
    rights.isAdmin(userId),
    rights.deletes(userId),
    people.person(userId),
  ]);
  const viewer = { teamId, channelIds, userId };
  const [stored, own, recent, waiting, failures, leftOut, outside, places, admin] = await Promise.all([
    totals(catalog, { teamId, channelIds, ownUserId: userId }),
    uploadedBy(catalog, teamId, userId),
    recentFiles(catalog, { teamId, channelIds, ownUserId: userId, limit: RECENT }),
    onTheWay(catalog, viewer, ON_THE_WAY),
    beingRetried(catalog, viewer, FAILED),
    notKept(catalog, viewer, NOT_KEPT),
    links(catalog, viewer),
    ownChannels(vault, userId),
    isAdmin ? adminFacts(vault) : null,
  ]);
  const inQueue = [waiting, failures, leftOut].flatMap((some) => some.files.map((file) => file.channelId));
  const [limits, checks, names] = await Promise.all([
    limitsOf(vault, recent),
    checksOf(vault, recent),
    namesShown(vault, userId, {
      people: recent.map(({ listedBy, uploaderId }) => listedBy ?? uploaderId),
      channels: [...recent.map(({ listedChannelId }) => listedChannelId), ...inQueue],
    }),
  ]);
  return {
    ...{ userId, now: vault.now(), isGuest: !isFullMember, stored, own, recent, ...places, mayDelete },
    ...{ onTheWay: waiting, failures, notKept: leftOut, links: outside, bucketAwaySince, admin, names },
    maxBytes: ({ listedChannelId }) => limits.get(listedChannelId) ?? null,
    check: ({ fileId }) => checks.get(fileId),
  };
}

async function adminFacts(vault: Vault): Promise<AdminFacts> {
  const { catalog, identity } = vault;
  const [channels, depth, trash, alerts] = await Promise.all([
    publicChannels(vault),
    queueDepth(catalog),
    trashTotal(catalog, identity.teamId),
    openAlerts(catalog, identity.teamId),
  ]);
  return {
    channels,
    alerts: alerts.map(({ alert }) => alert),
    waiting: depth.pending + depth.storing,
    failed: depth.failed,
    trash,
  };
}
