import { type KeepPolicy, recordReceived } from '../capture/receive.ts';
import type { Catalog } from '../catalog/db/open.ts';
import { inTransaction } from '../catalog/db/transaction.ts';
import { knowChannel, statesOf } from '../catalog/files/imported.ts';
import type { FileState, SharedFile, SkipReason } from '../catalog/model.ts';
import { type Kind, kindOf } from '../file-kinds.ts';
import type { EntryIndex } from './entry-index.ts';
import { isOwnAddress, splitLink, withoutToken } from './link.ts';
import type { Conversation, Found } from './source.ts';

/** So long a running bot leaves alone what an import brings: the archive may have the bytes. */
const IMPORTS_TURN_MS = 60 * 60_000;

/** A file that an archive names, after it was written down. */
export interface Recorded {
  fileId: string;
  isNew: boolean;
  state: FileState;
  /** Why Slack did not give it, as the archive says. */
  reason: SkipReason | null;
  /** As Slack said. */
  bytes: number | null;
  kind: Kind;
  conversation: Conversation;
  /** Its address with the export's own token. A secret: never logged, never kept. */
  link: string | null;
  /** Where its bytes are in the archive, if its id does not tell. */
  path: string | null;
  /** The archive has something under its name. */
  isPacked: boolean;
  /** Its address was not taken: it is not one that Slack gives for this file. */
  isForeign: boolean;
}

/** Whether there is anything to get the bytes from: the archive, or a link that opens by itself. */
export function isToBeHad({ link, isPacked }: Pick<Recorded, 'link' | 'isPacked'>): boolean {
  return link !== null || isPacked;
}

export interface RecordOptions {
  catalog: Catalog;
  teamId: string;
  /** In an organisation: the workspace whose archive it is; null where that is not said, or several share it. */
  workspace?: string | null;
  policy: KeepPolicy;
  index: EntryIndex;
  /** Hosts that count as Slack's besides its own. */
  allowedHosts: readonly string[];
  /** Where the files come from, as people read it: "the export of 2023-05-01". */
  from: string;
  now(): number;
}

/**
 * A file's addresses, as far as they are Slack's own for this file. Without one it counts as not wholly described, and a running
 * bot asks Slack for it.
 */
export function addressesOf(
  { file }: Found['sighting'],
  allowedHosts: readonly string[],
): {
  link: string | null;
  isForeign: boolean;
  own: Pick<SharedFile, 'url' | 'permalink' | 'externalUrl' | 'complete'>;
} {
  const isOwn = (address: string | null) =>
    address === null || isOwnAddress(address, file.fileId, allowedHosts);
  const kept = {
    permalink: isOwn(file.permalink) ? withoutToken(file.permalink) : null,
    externalUrl: withoutToken(file.externalUrl),
  };
  if (!isOwn(file.url)) return { link: null, isForeign: true, own: { ...kept, url: null, complete: false } };
  const { url, withToken } = splitLink(file.url);
  return { link: withToken, isForeign: false, own: { ...kept, url, complete: file.complete } };
}

/**
 * Files in one transaction. SQLite commits those together that come together (see catalog/db/shared-commit.ts), and a long one costs
 * it more for each file: for every statement it walks along all pages that the transaction has changed so far.
 */
const AT_ONCE: Record<Catalog['kind'], number> = { sqlite: 64, postgres: 250 };

/**
 * Writes down what an archive shows. A kill may leave a part of it: the next run goes on. What is known stays as it is, or takes
 * what it lacked; nobody is told. The order in which archives, events and sweeps come does not matter.
 */
export async function recordFound(options: RecordOptions, found: readonly Found[]): Promise<Recorded[]> {
  const most = AT_ONCE[options.catalog.kind];
  const parts = Array.from({ length: Math.ceil(found.length / most) }, (_, i) =>
    found.slice(i * most, (i + 1) * most),
  );
  return (await Promise.all(parts.map((part) => recordPart(options, part)))).flat();
}

async function recordPart(options: RecordOptions, found: readonly Found[]): Promise<Recorded[]> {
  const { catalog, teamId, workspace, policy, from, index, allowedHosts } = options;
  const now = options.now();
  const split = found.map(({ path = null, ...one }) => ({
    ...{ ...one, path, ...addressesOf(one.sighting, allowedHosts) },
    isPacked: path === null ? index.hasFile(one.sighting.file.fileId) : index.at(path) !== undefined,
  }));
  const toBeHad = split.map(({ link, isPacked }) => isToBeHad({ link, isPacked }));
  const outcomes = await inTransaction(catalog, async (scope) => {
    const ids = [...new Set(split.map(({ sighting }) => sighting.file.fileId))];
    const known = await statesOf(scope, teamId, ids);
    const conversations = new Map(split.map(({ conversation }) => [conversation.channelId, conversation]));
    for (const one of conversations.values()) {
      await knowChannel(scope, { teamId, workspace, ...one });
    }
    const sightings = split.map(({ sighting, own }) => {
      const file = { ...sighting.file, ...own };
      const facts = !known.has(file.fileId) ? { ...file.facts, importedFrom: from } : file.facts;
      // What Slack itself told whole is newer than any archive: its name, and above all its uploader, stay.
      const complete = file.complete && known.get(file.fileId)?.isWhole !== true;
      return {
        ...sighting,
        file: { ...file, teamId, complete, ...(facts ? { facts } : {}) },
        quiet: true,
      };
    });
    const quietly = { ...policy, confirm: 'off' as const };
    const dueAt = (place: number) => (toBeHad[place] ? now + IMPORTS_TURN_MS : now);
    return recordReceived(scope, { teamId, policy: quietly, now, dueAt }, sightings);
  });
  return split.map(({ sighting, conversation, link, path, isPacked, isForeign }, i) => {
    const { fileId, isNew, state } = outcomes[i] as (typeof outcomes)[number];
    const { size } = sighting.file;
    const told = { bytes: size, kind: kindOf(sighting.file), reason: sighting.skip ?? null };
    return { fileId, isNew, state, ...told, conversation, link, path, isPacked, isForeign };
  });
}
