import type { KnownBlock, ModalView } from '@slack/types';
import type { Hold, HoldScope } from '../catalog/governance/holds.ts';
import type { BucketHolds } from '../catalog/governance/object-holds.ts';
import { button, confirmDanger, context, plain, type Screen, section } from './kit/elements.ts';
import { conversationField, dateField, personField, textField } from './kit/inputs.ts';
import { cutEnd, limits, nameLength } from './kit/limits.ts';
import { boldName, code, day, moment, quietName } from './kit/mrkdwn.ts';
import { channelNamed, type Named, NO_NAMES, personNamed } from './kit/names.ts';
import { sizeInWords } from './kit/size.ts';
import { buttons, common, count } from './text/wording.ts';
import { holdForm as form, holds as words } from './text/wording-holds.ts';

/** Holds shown at once. */
export const HOLDS = 20;
const REASON = 200;

export interface HoldsInput {
  /** In force, newest first. */
  holds: Hold[];
  total: number;
  /** Whether the bucket has Object Lock; `unknown` when the vault may not ask. */
  objectLock: boolean | 'unknown';
  /** How many objects the bucket holds, and for how many files it is still to be told. */
  inBucket: BucketHolds;
  names?: Named;
}

/** `/vault hold`: which files may not be removed, and why. For admins and auditors. */
export function holdsScreen({ holds, total, objectLock, inBucket, names = NO_NAMES }: HoldsInput): Screen {
  const shown = holds.slice(0, HOLDS);
  const fresh = button({ actionId: 'hold_new', text: words.fresh, label: words.freshLabel, value: 'new' });
  return {
    text: words.text(total),
    blocks: [
      section(words.title, fresh),
      context(words.hint),
      context(bucketInWords(objectLock, inBucket)),
      ...(shown.length === 0 ? [section(words.none)] : shown.map((hold) => holdLine(hold, names))),
      ...(total > shown.length ? [context(words.more(total - shown.length))] : []),
    ],
  };
}

/** What the bucket itself does about the holds: only what was read back from it is said to be held. */
function bucketInWords(objectLock: HoldsInput['objectLock'], inBucket: BucketHolds): string {
  if (objectLock === 'unknown') return words.lockUnknown;
  if (!objectLock) return words.notLocked;
  const { held, waiting, failing } = inBucket;
  return [
    words.locked(held),
    ...(waiting > failing ? [words.lockWaits(waiting - failing)] : []),
    ...(failing > 0 ? [words.lockFails(failing)] : []),
  ].join(' ');
}

function holdLine(hold: Hold, names: Named): KnownBlock {
  const covered = hold.isWalking ? words.counting(hold.walked) : words.covers(hold.walked);
  const facts = common.joined([words.facts(personNamed(hold.setBy, names), moment(hold.setAt)), covered]);
  const lift = button({
    actionId: 'hold_lift',
    text: words.lift,
    label: words.liftLabel,
    value: hold.holdId,
    confirm: confirmDanger({
      title: words.liftTitle,
      text: words.liftText,
      confirm: words.lift,
      deny: words.liftDeny,
    }),
  });
  return section(`:lock: ${scopeInWords(hold, names)}\n${quietName(hold.reason, REASON)}\n${facts}`, lift);
}

/** The same as the audit log has it: a list of files by its length. */
export type ScopeTold = Omit<HoldScope, 'fileIds'> & { files?: number };

/** What a hold covers, e.g. `files of @ann · in #general · shared since Nov 1`. */
export function scopeInWords(scope: HoldScope | ScopeTold, names: Named = NO_NAMES): string {
  const { personId, channelId, fileId, sharedFrom, sharedUntil } = scope;
  const files = 'files' in scope ? scope.files : (scope as HoldScope).fileIds?.length;
  const parts = [
    files ? words.listed(count(files, 'file')) : '',
    fileId === null ? '' : fileNamed(fileId, names),
    personId === null ? '' : words.from(personNamed(personId, names)),
    channelId === null ? '' : words.in(channelNamed(channelId, names)),
    sharedFrom === null ? '' : words.since(day(sharedFrom)),
    sharedUntil === null ? '' : words.before(day(sharedUntil)),
  ];
  return common.joined(parts) || words.everything;
}

/** The name of a file if it may be known, else its id. */
function fileNamed(fileId: string, { files }: Named): string {
  const name = files?.get(fileId);
  return name === undefined ? words.file(code(fileId, 40)) : boldName(name, nameLength.summary);
}

/** The form for a new hold. */
export function holdFormView({ fileId = '' }: { fileId?: string } = {}): ModalView {
  return {
    type: 'modal',
    callback_id: 'hold_set',
    title: plain(form.title, limits.viewTitle),
    submit: plain(form.submit, limits.viewButton),
    close: plain(buttons.close, limits.viewButton),
    blocks: [
      section(form.intro),
      personField({ block: 'person', label: form.person }),
      conversationField({ block: 'channel', label: form.channel }),
      textField({ block: 'file', label: form.file, hint: form.fileHint, maxLength: 40, initial: fileId }),
      dateField({ block: 'from', label: form.from }),
      dateField({ block: 'until', label: form.until }),
      reasonField(),
    ],
  };
}

export interface HoldPlanInput {
  fileIds: string[];
  /** The name of the only file, if it may be shown. */
  name: string | null;
  files: number;
  bytes: number;
  /** How many of them are in the trash. */
  inTrash: number;
}

/** The window to put certain files on hold: says first how much that is. */
export function holdFilesView({ fileIds, name, files, bytes, inTrash }: HoldPlanInput): ModalView {
  const only =
    fileIds.length === 1
      ? `${name === null ? code(fileIds[0] ?? '', 40) : boldName(name, nameLength.dialog)}\n`
      : '';
  return {
    type: 'modal',
    callback_id: 'hold_files',
    private_metadata: JSON.stringify({ fileIds: fileIds.join(' ') }),
    title: plain(form.title, limits.viewTitle),
    submit: plain(form.submit, limits.viewButton),
    close: plain(buttons.close, limits.viewButton),
    blocks: [
      section(`${only}${form.willHold(count(files, 'file'), sizeInWords(bytes))}`),
      ...(inTrash === 0 ? [] : [context(form.inTrash(inTrash))]),
      context(words.hint),
      reasonField(),
    ],
  };
}

/** In a file's Details, for those who may see holds: that it is on hold, and why. */
export function onHoldBlocks(holds: readonly Hold[], names: Named = NO_NAMES): KnownBlock[] {
  return holds
    .slice(0, 5)
    .map((hold) =>
      context(
        common.joined([
          words.onHold(moment(hold.setAt)),
          personNamed(hold.setBy, names),
          quietName(hold.reason, REASON),
          hold.fileId === null ? scopeInWords(hold, names) : '',
        ]),
      ),
    );
}

/** To the admin who set a hold. `tooLate` counts its files that were already being removed. */
export function holdSetScreen(o: { scope: HoldScope; tooLate: number; names?: Named }): Screen {
  const { scope, tooLate } = o;
  const text = form.done(scopeInWords(scope, o.names));
  return {
    text: cutEnd(text, 1000),
    blocks: [section(text), ...(tooLate > 0 ? [section(form.tooLate(tooLate))] : []), context(form.doneHint)],
  };
}

function reasonField() {
  return textField({
    block: 'reason',
    label: form.reason,
    hint: form.reasonHint,
    required: true,
    maxLength: 300,
  });
}
