import type { KnownBlock, SectionBlock } from '@slack/types';
import type { AuditEntry, FileRow, Share } from '../catalog/model.ts';
import type { Checked } from '../catalog/scan/model.ts';
import { typeName } from '../text/type-names.ts';
import type { DetailsInput } from './details-input.ts';
import { bytesOf } from './file-line.ts';
import { context, divider, firstOf, mrkdwn, section, sectionsOf } from './kit/elements.ts';
import { nameLength } from './kit/limits.ts';
import { code, escapeMrkdwn, moment, quietName } from './kit/mrkdwn.ts';
import { channelNamed, NO_NAMES, personNamed } from './kit/names.ts';
import { sizeInWords } from './kit/size.ts';
import { checkInWords } from './scan-note.ts';
import { failureSentence, proofSentence, whySkipped } from './state.ts';
import { common, count, states, details as words } from './text/wording.ts';
import { card } from './text/wording-find.ts';
import { scan as scanWords } from './text/wording-scan.ts';
import { versions } from './text/wording-versions.ts';
import { versionBlocks } from './versions.ts';

const SHARES = 15;
const EVENTS = 15;

/** Checksums, versions, the places where it was shared, and its history. */
export function moreBlocks(input: DetailsInput): KnownBlock[] {
  const { file, shares, history, permalink = () => null } = input;
  return [
    divider(),
    facts(input),
    ...proof(file),
    ...versionBlocks(file, input.versions ?? [], checks(input), input.scan?.releasable),
    ...lines(words.shares, shares, SHARES, (share) => shareLine(share, permalink(share), input)),
    ...lines(words.history, history, EVENTS, (entry) => historyLine(entry, input)),
    ...origin(file.facts.importedFrom),
    context(words.fileId(code(file.fileId, 40))),
  ];
}

/** Where a file came from that Slack did not tell of: "From the export of 2023-05-01". */
function origin(importedFrom: string | undefined): KnownBlock[] {
  if (importedFrom === undefined) return [];
  return [context(words.importedFrom(quietName(importedFrom, nameLength.dialog)))];
}

/** The checks of all versions, by their numbers. */
function checks({ file, scan }: DetailsInput): ReadonlyMap<number, Checked> {
  const newest = scan?.newest ?? null;
  return new Map([...(scan?.older ?? []), ...(newest === null ? [] : [[file.version, newest] as const])]);
}

function facts({ file, maxBytes = null, scan, names = NO_NAMES }: DetailsInput): SectionBlock {
  const bytes = bytesOf(file);
  const fields: Array<[string, string]> = [
    [words.state, stateInWords(file, maxBytes)],
    [
      words.size,
      bytes === null || bytes < 1024
        ? sizeInWords(bytes)
        : common.joined([sizeInWords(bytes), count(bytes, 'byte')]),
    ],
    [words.type, typeOf(file)],
  ];
  if (file.title && !file.name?.startsWith(file.title))
    fields.unshift([words.fileTitle, quietName(file.title, nameLength.dialog)]);
  if (file.storedAt !== null) fields.push([words.stored, moment(file.storedAt)]);
  if (scan?.newest) fields.push([scanWords.title, checkInWords(scan.newest, names)]);
  if (file.trashedAt !== null)
    fields.push([words.trashed, `${moment(file.trashedAt)}, ${personNamed(file.trashedBy, names)}`]);
  return { type: 'section', fields: fields.map(([name, value]) => mrkdwn(`*${name}*\n${value}`)) };
}

/** What kind of file it is: at most `most` names for it, the clearest first. */
export function typeOf(file: FileRow, most = 3): string {
  const { filetype, mimetype, storedType } = file;
  // The stored bytes may have another type than Slack says: a recording's transcode, a document's page.
  const bare = (type: string | null) => type?.split(';')[0]?.trim() ?? null;
  // For a file that Slack renders, Slack's own type does not help people: the bytes are HTML.
  const called = filetype === null ? null : typeName(filetype);
  const said = called !== filetype && storedType !== null ? null : mimetype;
  const came = bare(storedType) === bare(said) ? null : bare(storedType);
  const known = [...new Set([called, said, came])].filter((type) => type).slice(0, most);
  return known.length > 0 ? known.map((type) => quietName(type, 60)).join(' · ') : words.unknownType;
}

/** How the file stands, with the reason. */
export function stateInWords(file: FileRow, maxBytes: number | null): string {
  const name = states.names[file.state];
  if (file.state === 'skipped') return whySkipped(file, maxBytes);
  return file.state === 'failed' ? `${name}: ${failureSentence(file)}` : name;
}

function proof(file: FileRow): KnownBlock[] {
  const blocks: KnownBlock[] = [];
  if (file.sha256 !== null) blocks.push(section(`*SHA-256*\n${code(file.sha256, 64)}`));
  if (file.proof !== null) blocks.push(context(`:white_check_mark: ${proofSentence(file.proof)}`));
  return blocks;
}

function lines<T>(title: string, items: T[], max: number, line: (item: T) => string): KnownBlock[] {
  if (items.length === 0) return [];
  const { shown, more } = firstOf(items, max);
  const rest = more > 0 ? [common.more(more)] : [];
  return [divider(), ...sectionsOf([`*${title}*`, ...shown.map((item) => `• ${line(item)}`), ...rest])];
}

function shareLine(
  { channelId, userId, sharedAt }: Share,
  permalink: string | null,
  { names = NO_NAMES }: DetailsInput,
): string {
  const open = permalink === null ? '' : `<${escapeMrkdwn(permalink)}|${card.openMessage}>`;
  return common.joined([channelNamed(channelId, names), personNamed(userId, names), moment(sharedAt), open]);
}

/** What the malware check found, or why an admin released the file. */
function scanNews(action: AuditEntry['action'], { result, signature, reason }: AuditEntry['detail']): string {
  if (action === 'released') return typeof reason === 'string' ? quietName(reason, 100) : '';
  if (action !== 'scanned') return '';
  if (typeof signature === 'string') return code(signature, 80);
  return result === 'clean' ? scanWords.nothing : scanWords.notChecked;
}

function historyLine(
  { at, actorId, action, detail }: AuditEntry,
  { names = NO_NAMES }: DetailsInput,
): string {
  const lostVersion = action === 'lost' && detail.version !== undefined;
  const what = lostVersion ? versions.lost : common.joined([words.actions[action], scanNews(action, detail)]);
  return common.joined([what, personNamed(actorId, names), moment(at)]);
}
