import type { FileRecord } from '../db/schema.ts';
import type { FileFacts, Share, SharedFile } from '../model.ts';

/**
 * The known facts of a file (JSON, as in its record) after more was told, in any order: of a text that Slack is still
 * writing down the longer one counts, of missing attachments the smallest number, of the rest the last one told.
 */
export function mergeFacts(known: string, told: FileFacts | undefined): string {
  if (told === undefined) return known;
  const before: FileFacts = JSON.parse(known);
  const merged = { ...before, ...told };
  if ((before.transcript?.length ?? 0) > (told.transcript?.length ?? 0))
    merged.transcript = before.transcript as string;
  if ((before.mailText?.length ?? 0) > (told.mailText?.length ?? 0))
    merged.mailText = before.mailText as string;
  const missing = [before.attachmentsMissing, told.attachmentsMissing].filter((count) => count !== undefined);
  if (missing.length > 0) merged.attachmentsMissing = Math.min(...missing);
  return JSON.stringify(merged);
}

/** The facts (JSON) of a file that was not known before, told with this share: of a later description, or of none, the moment counts. */
export function firstFacts(
  { facts = {}, altText }: Pick<SharedFile, 'facts' | 'altText'>,
  share: Share,
): string {
  const at = toldAt(share);
  return JSON.stringify(altText !== undefined && at > share.sharedAt ? { ...facts, altTextAt: at } : facts);
}

/**
 * The same after Slack told of the file itself at this moment (ms): then a description of the picture that is not there any more goes,
 * too. Of two that were told, the later one counts, in whatever order they come.
 */
export function mergeTold(
  known: Pick<FileRecord, 'facts' | 'sharedAt'>,
  told: Pick<SharedFile, 'facts' | 'altText'>,
  at: number,
): string {
  if (told.altText === undefined) return mergeFacts(known.facts, told.facts);
  const { altText: kept, ...others } = told.facts ?? {};
  const merged = told.facts === undefined ? known.facts : mergeFacts(known.facts, others);
  const before: FileFacts = JSON.parse(merged);
  const isKnown = before.altText !== undefined || before.altTextAt !== undefined;
  // What is not kept here (any more) stays as it is until it is edited. One that was never changed is as old as its first share.
  const isSame = before.altText === kept || before.altText === told.altText;
  if (isSame || (isKnown && at <= (before.altTextAt ?? known.sharedAt))) return merged;
  const { altText, altTextAt, ...rest } = before;
  const now: FileFacts = {
    ...rest,
    ...(kept === undefined ? {} : { altText: kept }),
    ...(at > known.sharedAt ? { altTextAt: at } : {}),
  };
  return JSON.stringify(now);
}

/** The moment that what Slack said with this share is for (ms). */
export function toldAt({
  sharedAt,
  shownAt,
  askedAt,
}: Pick<Share, 'sharedAt' | 'shownAt' | 'askedAt'>): number {
  return Math.max(sharedAt, shownAt ?? 0, askedAt ?? 0);
}
