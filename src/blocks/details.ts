import type {
  ActionsBlock,
  Button,
  KnownBlock,
  ModalView,
  Overflow,
  PlainTextOption,
  SectionBlock,
} from '@slack/types';
import * as v from 'valibot';
import type { FileRow } from '../catalog/model.ts';
import { nameOf } from '../text/file-name.ts';
import { readingReasons } from '../text/reading-reasons.ts';
import type { DetailsInput } from './details-input.ts';
import { moreBlocks, stateInWords, typeOf } from './details-more.ts';
import { openButtons } from './file-card.ts';
import { fileFacts } from './file-facts.ts';
import { plainName, sizeOf } from './file-line.ts';
import { mayBeGiven } from './file-menu.ts';
import { downloadButton } from './file-row.ts';
import { onHoldBlocks } from './holds.ts';
import { readJson } from './kit/carried.ts';
import { actions, button, context, firstOf, plain, section } from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { limits, nameLength } from './kit/limits.ts';
import { boldName, moment } from './kit/mrkdwn.ts';
import { channelNamed, NO_NAMES, personNamed } from './kit/names.ts';
import { keptBlocks } from './leaving.ts';
import { saidBlocks } from './said.ts';
import { scanButtons } from './scan.ts';
import { checkInWords } from './scan-note.ts';
import { cardQuestion, openQuestion } from './share.ts';
import { buttons, common, details as words } from './text/wording.ts';
import { audit as auditWords } from './text/wording-audit.ts';
import { card } from './text/wording-find.ts';
import { holds as holdWords } from './text/wording-holds.ts';
import { rows as rowWords, openDetails as shown } from './text/wording-rows.ts';
import { scan as scanWords } from './text/wording-scan.ts';

/** One file: its name, three facts and a small picture, and what can be done. More shows the rest in its place. */
export function detailsView(input: DetailsInput): ModalView {
  const { file, more = false } = input;
  const { channelId = null } = input;
  return {
    type: 'modal',
    private_metadata: JSON.stringify({ fileId: file.fileId, channelId, more } satisfies DetailsShown),
    title: plain(words.title, limits.viewTitle),
    close: plain(buttons.close, limits.viewButton),
    blocks: [
      withPreview(
        section(`${iconOf(file)} ${boldName(nameOf(file), nameLength.full)}\n${threeFacts(input)}`),
        input,
      ),
      ...(input.oversight ? [context(words.oversight)] : actions(detailButtons(input))),
      ...(input.holds ? actions(governButtons(file)) : []),
      ...(input.scan?.mayRelease ? actions(scanButtons(file)) : []),
      ...onHoldBlocks(input.holds ?? [], input.names),
      ...keptBlocks(input.kept ?? null, file, input.names),
      ...notes(input),
      ...saidBlocks(input.said ?? []),
      ...fileFacts(file, input.mail ?? null),
      ...(more ? moreBlocks(input) : []),
      ...actions([moreButton(input)]),
    ],
  };
}

/** Which file Details show, where they were asked for, and whether they show More. */
export interface DetailsShown {
  fileId: string;
  channelId: string | null;
  more: boolean;
}

const SHOWN = v.object({ fileId: v.string(), channelId: v.nullable(v.string()), more: v.boolean() });

/** Which Details carry this metadata; null if they are none. Never trusted, only parsed. */
export function readDetails(metadata: unknown): DetailsShown | null {
  return readJson(SHOWN, metadata);
}

/** What it is, who shared it when, and who can open it. */
function threeFacts(input: DetailsInput): string {
  const { file, names = NO_NAMES } = input;
  const what = common.joined([sizeOf(file), kindOf(file)]);
  const who = shown.by(personNamed(file.uploaderId, names), moment(file.sharedAt));
  const open = input.oversight || file.state !== 'stored' ? '' : whoOpens(input);
  return [what, who, open].filter((line) => line !== '').join('\n');
}

/** `PDF`: short names of types are written large. */
function kindOf(file: FileRow): string {
  const kind = typeOf(file, 1);
  return /^[a-z0-9]{2,4}$/.test(kind) ? kind.toUpperCase() : kind;
}

const isPerson = (id: string) => /^[UW]/.test(id);

/** How many places are named. */
const PLACES = 4;

function whoOpens({ file, shares, userId, isPublic = false, names = NO_NAMES }: DetailsInput): string {
  const isOwn = file.uploaderId !== null && file.uploaderId === userId;
  const open = shares.filter((share) => !share.removed).map(({ channelId }) => channelId);
  // A private upload is in a place of its uploader's own id; it may be given to others.
  const ids = [...new Set(open)].filter((id) => id !== file.uploaderId && (isOwn || !isPerson(id)));
  if (ids.length === 0) {
    const isGiven = !isOwn && userId !== undefined && open.includes(userId);
    if (isGiven) return shown.given(personNamed(file.uploaderId, names));
    const isPrivate = isOwn && isPerson(file.channelId ?? '');
    return isPrivate ? shown.onlyYou : isOwn ? shown.asYouShared : shown.byRole;
  }
  const { shown: first, more } = firstOf(ids, PLACES);
  const places = first.map((id) =>
    isPerson(id) ? personNamed(id, names) : id.startsWith('D') ? shown.direct : channelNamed(id, names),
  );
  return (isPublic ? shown.everybody : shown.you)(shown.places(places, more));
}

/** How it stands, where that is not simply that it is saved. */
function notes({ file, maxBytes = null, scan, unread = null, names }: DetailsInput): KnownBlock[] {
  const check = scan?.newest ?? null;
  const lines = [
    file.state === 'stored' ? '' : `*${words.state}:* ${stateInWords(file, maxBytes)}`,
    check === null || check.state === 'clean' ? '' : `*${scanWords.title}:* ${checkInWords(check, names)}`,
    file.state === 'trashed' && file.purgeAt !== null ? `${words.purge} ${moment(file.purgeAt)}` : '',
    unread === null ? '' : unreadInWords(unread),
    file.slackDeletedAt === null ? '' : `${words.slackDeleted} ${moment(file.slackDeletedAt)}`,
  ];
  const said = lines.filter((line) => line !== '');
  return said.length > 0 ? [context(said.join('\n'))] : [];
}

function unreadInWords({ reason, part }: NonNullable<DetailsInput['unread']>): string {
  if (reason === 'pictures_not_read') return words.unreadPictures;
  const why = readingReasons[reason] ?? reason;
  return part ? words.unreadPart(why) : words.unread(why);
}

function moreButton({ file, shareIn, more = false }: DetailsInput): Button {
  const name = plainName(file, 30);
  return button({
    actionId: more ? 'details_less' : 'details_more',
    text: more ? shown.less : shown.more,
    label: more ? shown.lessLabel(name) : shown.moreLabel(name),
    value: `${file.fileId}:${shareIn?.channelId ?? ''}`,
  });
}

/** A small picture beside the name and the facts. */
function withPreview(named: SectionBlock, { file, previewUrl }: DetailsInput): SectionBlock {
  if (!previewUrl || previewUrl.length > limits.imageUrl) return named;
  const alt_text = card.preview(plainName(file, nameLength.dialog));
  return { ...named, accessory: { type: 'image', image_url: previewUrl, alt_text } };
}

/** [Download] [Go to message] [•••]: Slack shows up to five choices in a menu. */
function detailButtons(input: DetailsInput): ActionsBlock['elements'] {
  const { file, scan, shares, permalink = () => null } = input;
  const name = plainName(file, 50);
  const isStored = file.state === 'stored';
  const elements: ActionsBlock['elements'] = [];
  if (isStored && mayBeGiven(scan?.newest)) elements.push(downloadButton(file));
  if (file.state === 'trashed' && input.mayDelete) {
    const label = rowWords.restoreLabel(plainName(file, nameLength.line));
    const { fileId: value } = file;
    elements.push(button({ actionId: 'undo_delete', text: rowWords.restore, label, value }));
  }
  elements.push(...openButtons(file));
  const message = shares.filter((share) => !share.removed && permalink(share) !== null).at(-1);
  const url = message === undefined ? null : permalink(message);
  if (url !== null && url.length <= limits.buttonUrl)
    elements.push(
      button({ actionId: 'open_message', text: shown.message, label: shown.messageLabel(name), url }),
    );
  const { shareIn } = input;
  // Where it can be opened already, there is nothing to share.
  const isNews = shareIn?.discloses === true || shareIn?.opens !== undefined;
  if (shareIn && isNews && isStored && mayBeGiven(scan?.newest)) elements.push(shareButton(file, shareIn));
  const menu = detailMenu(input);
  return menu === null ? elements : [...elements, menu];
}

/** For those who may see holds and the audit log. */
function governButtons(file: FileRow): Button[] {
  const name = plainName(file, 40);
  const value = file.fileId;
  return [
    button({
      actionId: 'file_history',
      text: auditWords.history,
      label: auditWords.historyLabel(name),
      value,
    }),
    button({ actionId: 'hold_ask', text: holdWords.button, label: holdWords.buttonLabel(name), value }),
  ];
}

function shareButton(
  file: FileRow,
  { channelId, discloses, opens }: NonNullable<DetailsInput['shareIn']>,
): Button {
  const name = plainName(file, 40);
  return button({
    actionId: 'share_here',
    text: card.share,
    label: card.shareLabel(name),
    value: `${file.fileId}:${channelId}`,
    ...(opens === undefined ? {} : { confirm: openQuestion(opens) }),
    ...(discloses ? { confirm: cardQuestion(plainName(file, 64)) } : {}),
  });
}

function detailMenu(input: DetailsInput): Overflow | null {
  const { file, mayDelete, scan, mayKnowKey = false, mayHold = false } = input;
  const isStored = file.state === 'stored';
  const { fileId } = file;
  const mayShare = isStored && input.oversight !== true && mayBeGiven(scan?.newest);
  const options = [
    ...(mayShare ? [option(rowWords.share, `share:${fileId}`)] : []),
    // Those who may see holds have a button for it.
    ...(isStored && mayHold && !input.holds ? [option(rowWords.hold, `hold:${fileId}`)] : []),
    ...(mayKnowKey && file.objectKey !== null ? [option(card.copyKey, `key:${fileId}`)] : []),
    ...(isStored && mayDelete ? [option(rowWords.delete, `delete:${fileId}`)] : []),
  ];
  return options.length === 0 ? null : { type: 'overflow', action_id: 'file_menu', options };
}

function option(text: string, value: string): PlainTextOption {
  return { text: plain(text, limits.optionText), value: value.slice(0, limits.optionValue) };
}
