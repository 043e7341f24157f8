import type { Button, ConfirmationDialog, KnownBlock, ModalView, SectionBlock } from '@slack/types';
import type { AuditEntry, FileRow, FileVersion, Share } from '../catalog/model.ts';
import type { Checked } from '../catalog/scan/model.ts';
import { nameOf } from '../text/file-name.ts';
import { typeName } from '../text/type-names.ts';
import { openButtons } from './file-card.ts';
import { fileFacts, type Mail } from './file-facts.ts';
import { bytesOf, plainName } from './file-line.ts';
import {
  actions,
  button,
  context,
  divider,
  firstOf,
  mrkdwn,
  plain,
  section,
  sectionsOf,
} from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { limits, nameLength } from './kit/limits.ts';
import { boldName, channel, code, escapeMrkdwn, moment, person, quietName } from './kit/mrkdwn.ts';
import { sizeInWords } from './kit/size.ts';
import { scanButtons } from './scan.ts';
import { checkInWords } from './scan-note.ts';
import { failureSentence, proofSentence, whySkipped } from './state.ts';
import { buttons, common, count, states, details as words } from './text/wording.ts';
import { card } from './text/wording-find.ts';
import { scan as scanWords } from './text/wording-scan.ts';
import { versions } from './text/wording-versions.ts';
import { versionBlocks } from './versions.ts';

const SHARES = 15;
const EVENTS = 15;

export interface DetailsInput {
  file: FileRow;
  /** Only the shares that this person may know of, newest first. */
  shares: Share[];
  /** The audit log of this file, newest first; only what this person may know. */
  history: AuditEntry[];
  mayDelete: boolean;
  /** Older versions that the bucket holds, newest first. */
  versions?: FileVersion[];
  /** The page of a message in Slack, if it is known. */
  permalink?: (share: Share) => string | null;
  /** An address where Slack fetches the picture of an image; works for a short time. */
  previewUrl?: string | null;
  /** A channel to post a card in; `discloses` if people there do not know the file yet. */
  shareIn?: { channelId: string; discloses: boolean } | null;
  /** The e-mail that it was attached to. */
  mail?: Mail | null;
  /** For a file that was too large: the most bytes that its channels take. */
  maxBytes?: number | null;
  /** This person may know of the file, but could not see it in Slack: they get none of its content. */
  oversight?: boolean;
  /** What the malware scanner said of it and of its older versions. */
  scan?: { newest: Checked | null; older: ReadonlyMap<number, Checked>; mayRelease: boolean } | null;
  /** Whether this person runs the vault, and may know where the file is. */
  mayKnowKey?: boolean;
}

/** Everything that the vault knows about one file. */
export function detailsView(input: DetailsInput): ModalView {
  const { file, shares, history, permalink = () => null } = input;
  return {
    type: 'modal',
    title: plain(words.title, limits.viewTitle),
    close: plain(buttons.close, limits.viewButton),
    blocks: [
      section(`${iconOf(file)} ${boldName(nameOf(file), nameLength.full)}`),
      ...preview(input),
      facts(input),
      ...fileFacts(file, input.mail ?? null),
      ...proof(file),
      ...(input.oversight ? [context(words.oversight)] : actions(detailButtons(input))),
      ...(input.scan?.mayRelease ? actions(scanButtons(file)) : []),
      ...versionBlocks(file, input.versions ?? [], checks(input)),
      ...lines(words.shares, shares, SHARES, (share) => shareLine(share, permalink(share))),
      ...lines(words.history, history, EVENTS, historyLine),
      context(words.fileId(code(file.fileId, 40))),
    ],
  };
}

/** The checks of all versions, by their numbers. */
function checks({ file, scan }: DetailsInput): ReadonlyMap<number, Checked> {
  const newest = scan?.newest ?? null;
  return new Map([...(scan?.older ?? []), ...(newest === null ? [] : [[file.version, newest] as const])]);
}

function facts({ file, maxBytes = null, scan }: DetailsInput): SectionBlock {
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
    [words.uploader, person(file.uploaderId)],
    [words.shared, moment(file.sharedAt)],
  ];
  if (file.title && !file.name?.startsWith(file.title))
    fields.unshift([words.fileTitle, quietName(file.title, nameLength.dialog)]);
  if (file.storedAt !== null) fields.push([words.stored, moment(file.storedAt)]);
  if (scan?.newest) fields.push([scanWords.title, checkInWords(scan.newest)]);
  if (file.trashedAt !== null)
    fields.push([words.trashed, `${moment(file.trashedAt)}, ${person(file.trashedBy)}`]);
  if (file.state === 'trashed' && file.purgeAt !== null) fields.push([words.purge, moment(file.purgeAt)]);
  if (file.slackDeletedAt !== null) fields.push([words.slackDeleted, moment(file.slackDeletedAt)]);
  return { type: 'section', fields: fields.map(([name, value]) => mrkdwn(`*${name}*\n${value}`)) };
}

function typeOf(file: FileRow): string {
  const { filetype, mimetype, storedType } = file;
  // The stored bytes may have another type than Slack says: a recording's transcode, a document's page.
  const bare = (type: string | null) => type?.split(';')[0]?.trim() ?? null;
  // For a file that Slack renders, Slack's own type does not help people: the bytes are HTML.
  const called = filetype === null ? null : typeName(filetype);
  const said = called !== filetype && storedType !== null ? null : mimetype;
  const came = bare(storedType) === bare(said) ? null : bare(storedType);
  const known = [...new Set([called, said, came])].filter((type) => type);
  return known.length > 0 ? known.map((type) => quietName(type, 60)).join(' · ') : words.unknownType;
}

function stateInWords(file: FileRow, maxBytes: number | null): string {
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

function preview({ file, previewUrl }: DetailsInput): KnownBlock[] {
  if (!previewUrl || previewUrl.length > limits.imageUrl) return [];
  return [
    { type: 'image', image_url: previewUrl, alt_text: card.preview(plainName(file, nameLength.dialog)) },
  ];
}

function detailButtons({ file, mayDelete, shareIn, scan, mayKnowKey = false }: DetailsInput): Button[] {
  const name = plainName(file, 50);
  const shown: Button[] = [];
  // What is being checked may be given out in a moment.
  const isHeldBack = scan?.newest?.isGiven === false && scan.newest.state !== 'waiting';
  if (file.state === 'stored' && !isHeldBack) {
    const text = buttons.download;
    shown.push(button({ actionId: 'download_file', text, label: `${text} ${name}`, value: file.fileId }));
  }
  if (shareIn && file.state === 'stored' && !isHeldBack) shown.push(shareButton(file, shareIn));
  if (mayKnowKey && file.objectKey !== null) {
    const label = card.copyKeyLabel(name);
    shown.push(button({ actionId: 'copy_key', text: card.copyKey, label, value: file.fileId }));
  }
  shown.push(...openButtons(file));
  if (mayDelete && file.state === 'stored') {
    const text = buttons.delete;
    shown.push(
      button({
        actionId: 'delete_ask',
        text: `${text}…`,
        label: `${text} ${name}`,
        value: file.fileId,
        style: 'danger',
      }),
    );
  }
  return shown;
}

function shareButton(file: FileRow, { channelId, discloses }: NonNullable<DetailsInput['shareIn']>): Button {
  const confirm: ConfirmationDialog = {
    title: plain(card.confirmTitle, limits.confirmTitle),
    text: plain(card.confirmText(plainName(file, 64)), limits.confirmText),
    confirm: plain(card.confirm, limits.confirmButton),
    deny: plain(card.deny, limits.confirmButton),
  };
  return button({
    actionId: 'share_here',
    text: card.share,
    label: card.shareLabel(plainName(file, 40)),
    value: `${file.fileId}:${channelId}`,
    ...(discloses ? { confirm } : {}),
  });
}

function lines<T>(title: string, items: T[], max: number, line: (item: T) => string): KnownBlock[] {
  if (items.length === 0) return [];
  const { shown, more } = firstOf(items, max);
  const rest = more > 0 ? [common.more(more)] : [];
  return [divider(), ...sectionsOf([`*${title}*`, ...shown.map((item) => `• ${line(item)}`), ...rest])];
}

function shareLine({ channelId, userId, sharedAt }: Share, permalink: string | null): string {
  const open = permalink === null ? '' : `<${escapeMrkdwn(permalink)}|${card.openMessage}>`;
  return common.joined([channel(channelId), person(userId), moment(sharedAt), open]);
}

/** What the malware check found, or why an admin released the file. */
function scanNews(action: AuditEntry['action'], { result, signature, reason }: AuditEntry['detail']): string {
  if (action === 'released') return typeof reason === 'string' ? quietName(reason, 100) : '';
  if (action !== 'scanned') return '';
  if (typeof signature === 'string') return code(signature, 80);
  return result === 'clean' ? scanWords.nothing : scanWords.notChecked;
}

function historyLine({ at, actorId, action, detail }: AuditEntry): string {
  const lostVersion = action === 'lost' && detail.version !== undefined;
  const what = lostVersion ? versions.lost : common.joined([words.actions[action], scanNews(action, detail)]);
  return common.joined([what, person(actorId), moment(at)]);
}
