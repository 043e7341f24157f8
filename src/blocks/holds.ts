import type { KnownBlock, ModalView } from '@slack/types';
import type { Hold, HoldScope } from '../catalog/governance/holds.ts';
import type { BucketHolds } from '../catalog/governance/object-holds.ts';
import { button, confirmDanger, context, plain, type Screen, section } from './kit/elements.ts';
import { conversationField, dateField, personField, textField } from './kit/inputs.ts';
import { cutEnd, limits } from './kit/limits.ts';
import { channel, code, day, moment, person, quietName } from './kit/mrkdwn.ts';
import { buttons, common } from './text/wording.ts';
import { holdForm as form, holds as words } from './text/wording-govern.ts';

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
}

/** `/vault hold`: which files may not be removed, and why. For admins and auditors. */
export function holdsScreen({ holds, total, objectLock, inBucket }: HoldsInput): Screen {
  const shown = holds.slice(0, HOLDS);
  const fresh = button({ actionId: 'hold_new', text: words.fresh, label: words.freshLabel, value: 'new' });
  return {
    text: words.text(total),
    blocks: [
      section(words.title, fresh),
      context(words.hint),
      context(bucketInWords(objectLock, inBucket)),
      ...(shown.length === 0 ? [section(words.none)] : shown.map(holdLine)),
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

function holdLine(hold: Hold): KnownBlock {
  const covered = hold.isWalking ? words.counting(hold.walked) : words.covers(hold.walked);
  const facts = common.joined([words.facts(person(hold.setBy), moment(hold.setAt)), covered]);
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
  return section(`:lock: ${scopeInWords(hold)}\n${quietName(hold.reason, REASON)}\n${facts}`, lift);
}

/** What a hold covers, e.g. `files of @ann · in #general · shared since Nov 1`. */
export function scopeInWords({ personId, channelId, fileId, sharedFrom, sharedUntil }: HoldScope): string {
  const parts = [
    fileId === null ? '' : words.file(code(fileId, 40)),
    personId === null ? '' : words.from(person(personId)),
    channelId === null ? '' : words.in(channel(channelId)),
    sharedFrom === null ? '' : words.since(day(sharedFrom)),
    sharedUntil === null ? '' : words.before(day(sharedUntil)),
  ];
  return common.joined(parts) || words.everything;
}

/** The form for a new hold. */
export function holdFormView(): ModalView {
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
      textField({ block: 'file', label: form.file, hint: form.fileHint, maxLength: 40 }),
      dateField({ block: 'from', label: form.from }),
      dateField({ block: 'until', label: form.until }),
      textField({
        block: 'reason',
        label: form.reason,
        hint: form.reasonHint,
        required: true,
        maxLength: 300,
      }),
    ],
  };
}

/** To the admin who set a hold. `tooLate` counts its files that were already being removed. */
export function holdSetScreen({ scope, tooLate }: { scope: HoldScope; tooLate: number }): Screen {
  const text = form.done(scopeInWords(scope));
  return {
    text: cutEnd(text, 1000),
    blocks: [section(text), ...(tooLate > 0 ? [section(form.tooLate(tooLate))] : []), context(form.doneHint)],
  };
}
