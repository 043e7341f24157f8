import type { ConfirmationDialog, KnownBlock, ModalView } from '@slack/types';
import type { FileRow } from '../catalog/model.ts';
import { nameOf } from '../text/file-name.ts';
import { plainName, sizeOf } from './file-line.ts';
import { encodeButtonValue } from './kit/button-value.ts';
import { actions, button, context, divider, plain, type Screen, section } from './kit/elements.ts';
import { channelField, personField } from './kit/inputs.ts';
import { limits, nameLength } from './kit/limits.ts';
import { boldName, channel, type Names, person, plainPerson, quietName, visibleName } from './kit/mrkdwn.ts';
import { buttons } from './text/wording.ts';
import { share as words } from './text/wording-share.ts';

/** The most places that the window lists. */
const OPENED = 20;

type Place = { channelId: string; ts: string | null };

export interface ShareInput {
  file: FileRow;
  /** The person uploaded it. */
  isOwn: boolean;
  /** The channel where it was asked for, if they may post there. */
  channelId: string | null;
  /** Where it was opened before: for its uploader, and for admins. */
  opened: Place[];
  /** Further places, which an admin may not know of. */
  hidden?: number;
}

/** The question before a file is opened to a channel's members, by the channel's plain name. */
export function openQuestion({
  name,
  isPublic = false,
}: {
  name: string | null;
  isPublic?: boolean;
}): ConfirmationDialog {
  const title = name === null ? words.ownTitleHere : words.ownTitle(visibleName(name, nameLength.line));
  return question(title, isPublic ? words.ownTextPublic : words.ownText, words.submit);
}

/** The question before a card names a file to people who may not know it. */
export function cardQuestion(plainName: string): ConfirmationDialog {
  return question(words.cardTitle, words.cardQuestion(plainName), words.cardConfirm);
}

function question(title: string, text: string, confirm: string): ConfirmationDialog {
  return {
    title: plain(title, limits.confirmTitle),
    text: plain(text, limits.confirmText),
    confirm: plain(confirm, limits.confirmButton),
    deny: plain(words.cancel, limits.confirmButton),
  };
}

/** The window to share a file: for its uploader with a channel or a person, for others with a channel. */
export function shareView({ file, isOwn, channelId, opened, hidden = 0 }: ShareInput): ModalView {
  const where = channelId === null ? null : channel(channelId);
  return {
    type: 'modal',
    callback_id: 'share_file',
    private_metadata: JSON.stringify({ fileId: file.fileId }),
    title: plain(words.title, limits.viewTitle),
    submit: plain(words.submit, limits.viewButton),
    close: plain(buttons.close, limits.viewButton),
    blocks: [
      section(`${boldName(nameOf(file), nameLength.dialog)}\n${sizeOf(file)}`),
      section(isOwn ? words.own(where) : words.others(where)),
      channelField({ block: 'channel', label: words.channel, required: !isOwn, initial: channelId }),
      ...(isOwn ? [personField({ block: 'person', label: words.person, hint: words.personHint })] : []),
      ...(opened.length + hidden === 0
        ? []
        : [divider(), section(isOwn ? words.opened : words.openedByOthers)]),
      ...opened.slice(0, OPENED).map((place) => openedLine(file, place)),
      ...(hidden === 0 ? [] : [context(words.openedElsewhere(hidden))]),
    ],
  };
}

function openedLine(file: FileRow, place: Place): KnownBlock {
  return section(words.openTo(placeInWords(place)), takeBackButton(file, place));
}

function placeInWords({ channelId, ts }: Place): string {
  return ts === null ? person(channelId) : words.inChannel(channel(channelId));
}

function takeBackButton({ fileId }: FileRow, { channelId, ts }: Place) {
  return button({
    actionId: 'share_back',
    text: words.takeBack,
    label: words.takeBackLabel,
    value: encodeButtonValue(fileId, channelId, ts ?? '') ?? fileId,
  });
}

/** To the person who shared a file in a channel. */
export function sharedScreen(o: {
  file: FileRow;
  isOpened: boolean;
  /** False while Slack does not take the card. */
  isPosted?: boolean;
  /** False if they had shared it there before. */
  isNew?: boolean;
  /** Everybody in the workspace may read the channel. */
  isPublic?: boolean;
  place: Place;
}): Screen {
  const { file, isOpened, isPosted = true, isNew = true, isPublic = false, place } = o;
  const name = quietName(nameOf(file), nameLength.line);
  const said = !isNew
    ? words.sharedBefore
    : isOpened
      ? words.shared
      : isPosted
        ? words.posted
        : words.willPost;
  const told = said(name, channel(place.channelId));
  const text = isOpened && isNew && isPublic ? `${told} ${words.sharedPublic}` : told;
  return {
    text,
    blocks: [
      section(text),
      ...(isOpened ? actions([takeBackButton(file, place)]) : [context(words.postedHint)]),
      ...(isOpened && !isPosted ? [context(words.cardFollows)] : []),
    ],
  };
}

/** To the person who gave a file to somebody. */
export function givenScreen(o: { file: FileRow; personId: string; isNew: boolean }): Screen {
  const { file, personId, isNew } = o;
  const name = quietName(nameOf(file), nameLength.line);
  const text = (isNew ? words.given : words.givenBefore)(name, person(personId));
  const place = { channelId: personId, ts: null };
  return {
    text,
    blocks: [section(text), ...(isNew ? actions([takeBackButton(file, place)]) : [])],
  };
}

/** To the person who took it back. */
export function takenBackScreen({ file, place }: { file: FileRow; place: Place }): Screen {
  const text = words.back(quietName(nameOf(file), nameLength.line), placeInWords(place));
  return { text, blocks: [section(text)] };
}

export interface CardInput {
  file: FileRow;
  /** Who shared it. */
  userId: string;
  /** Whether its readers may open the file by it; `back`: not any more. */
  right: 'open' | 'back' | 'none';
  names: Names;
}

/** What the bot posts when a file is shared: a card in a channel, or a direct message about a gift. */
export function cardScreen({ isGift, ...card }: CardInput & { isGift: boolean }): Screen {
  return isGift ? giftMessage(card) : postedCard(card);
}

/**
 * A card in a channel: everybody there reads it, and each click uses the clicker's own rights. The right is `open` when
 * its uploader shared it, so that people there may open it.
 */
export function postedCard({ file, userId, right, names }: CardInput): Screen {
  const note = { open: words.cardOwn, back: () => words.cardBack, none: words.cardOthers }[right];
  const by = plainPerson(userId, names);
  return {
    text: words.cardText(by, quietName(nameOf(file), nameLength.line)),
    blocks: [
      section(`${boldName(nameOf(file), nameLength.dialog)}\n${facts(file, names)}`),
      ...actions(cardButtons(file)),
      context(note(by)),
    ],
  };
}

/** What a person to whom a file was given reads in a direct message. */
export function giftMessage({ file, userId, right, names }: CardInput): Screen {
  const said = right === 'back' ? words.giftBack : words.gift;
  const text = said(plainPerson(userId, names), quietName(nameOf(file), nameLength.line));
  if (right === 'back') return { text, blocks: [section(text)] };
  return { text, blocks: [section(text), ...actions(cardButtons(file)), context(words.giftHint)] };
}

/** A direct message to the person who shared a file, when Slack never took the card or the message about the gift. */
export function notToldScreen(o: { file: FileRow; isGift: boolean; channelId: string }): Screen {
  const name = quietName(nameOf(o.file), nameLength.line);
  const text = o.isGift ? words.giftNotTold(name) : words.refused(name, channel(o.channelId));
  return { text, blocks: [section(text)] };
}

function facts(file: FileRow, names: Names): string {
  return `${sizeOf(file)} · ${plainPerson(file.uploaderId, names)}`;
}

function cardButtons(file: FileRow) {
  const name = plainName(file, 50);
  return [
    button({
      actionId: 'download_file',
      text: buttons.download,
      label: `${buttons.download} ${name}`,
      value: file.fileId,
    }),
    button({
      actionId: 'show_details',
      text: buttons.details,
      label: `${buttons.details} ${name}`,
      value: file.fileId,
    }),
  ];
}
