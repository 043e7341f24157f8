/** What the malware scanner said, in words, and the screens that go with it. */
import type { Button, KnownBlock, ModalView } from '@slack/types';
import * as v from 'valibot';
import type { FileRow } from '../catalog/model.ts';
import type { FileNotice } from '../catalog/notices/model.ts';
import type { Checked } from '../catalog/scan/model.ts';
import { nameOf } from '../text/file-name.ts';
import { scanReasons } from '../text/scan-reasons.ts';
import { plainName } from './file-line.ts';
import { readJson } from './kit/carried.ts';
import { button, context, firstOf, plain, type Screen, section, sectionsOf } from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { textField } from './kit/inputs.ts';
import { limits, nameLength } from './kit/limits.ts';
import { boldName, code, moment, person, quietName } from './kit/mrkdwn.ts';
import { buttons, common } from './text/wording.ts';
import { foundInYours, scanStatus, scan as words } from './text/wording-scan.ts';

const FILES = 20;

/** For an admin: Release, and Check again. */
export function scanButtons(file: FileRow): Button[] {
  const name = plainName(file, 40);
  return [
    button({
      actionId: 'scan_release',
      text: words.release,
      label: words.releaseLabel(name),
      value: file.fileId,
    }),
    button({ actionId: 'scan_again', text: words.again, label: words.againLabel(name), value: file.fileId }),
  ];
}

/** The question before a file is released, with its reason. `seen`: what is asked about. Its metadata proves nothing. */
export function releaseView({
  file,
  check,
  seen,
  version,
}: {
  file: FileRow;
  check: Checked;
  seen: string;
  version?: number | undefined;
}): ModalView {
  const said =
    check.state === 'infected'
      ? words.form.found(code(check.signature ?? '', 80))
      : words.form.unscanned(scanReasons[check.reason ?? 'refused']);
  return {
    type: 'modal',
    callback_id: 'scan_release',
    private_metadata: JSON.stringify({ fileId: file.fileId, seen, version }),
    title: plain(words.form.title, limits.viewTitle),
    submit: plain(words.form.submit, limits.viewButton),
    close: plain(buttons.close, limits.viewButton),
    blocks: [
      section(`${iconOf(file)} ${boldName(nameOf(file), nameLength.full)}\n${person(file.uploaderId)}`),
      section(said),
      section(words.form.what),
      textField({
        block: 'reason',
        label: words.form.reason,
        hint: words.form.reasonHint,
        required: true,
        maxLength: 300,
      }),
    ],
  };
}

/** What {@link releaseView} asked about; null if it cannot be read. Never trusted. */
export function readRelease(
  metadata: string,
): { fileId: string; seen: string; version?: number | undefined } | null {
  return readJson(ASKED, metadata);
}

const ASKED = v.object({ fileId: v.string(), seen: v.string(), version: v.optional(v.number()) });

/** To the admin who released a file. */
export function releasedScreen(file: FileRow): Screen {
  const text = words.done(quietName(nameOf(file), nameLength.dialog));
  return { text, blocks: [section(text), context(words.doneHint)] };
}

/** To the admin who has a file checked again. */
export function checkingAgainScreen(file: FileRow): Screen {
  const text = words.checkingAgain(quietName(nameOf(file), nameLength.dialog));
  return { text, blocks: [section(text)] };
}

/** To the person who uploaded these files. */
export function foundInYoursMessage({ notices }: { notices: FileNotice[] }): Screen {
  const files = [...new Map(notices.map((notice) => [notice.fileId, notice])).values()];
  const { shown, more } = firstOf(files, FILES);
  const lines = shown.map(({ name }) => foundInYours.line(quietName(name, nameLength.line)));
  return {
    text: foundInYours.text(files.length),
    blocks: [
      section(foundInYours.title(files.length)),
      ...sectionsOf([...lines, ...(more > 0 ? [common.more(more)] : [])]),
      context(foundInYours.hint),
    ],
  };
}

export interface ScanHealthInput {
  isOn: boolean;
  /** Bots with different settings; `others`: only another one has a scanner. Missing: no. */
  mixed?: 'no' | 'yes' | 'others';
  engine: string | null;
  signatures: string | null;
  signaturesAt: number | null;
  awaySince: number | null;
  tellsLimits: boolean | null;
  tellsLocked: boolean | null;
  unscannedPolicy: 'block' | 'allow';
  waiting: number;
  infected: number;
  released: number;
  unscanned: number;
  /** A number as large as this one may stand for more. */
  most: number;
  /** Infected files that the reader may know of, and how many they may not. */
  found: FileRow[];
  hidden: number;
}

/** The scanner and what it found, in `/vault status` for admins. */
export function scanHealthBlocks(health: ScanHealthInput, rows = health.found.length): KnownBlock[] {
  const { hidden } = health;
  const { shown: found, more } = firstOf(health.found, rows);
  const details = (file: FileRow) =>
    button({
      actionId: 'show_details',
      text: buttons.details,
      label: `${buttons.details} ${plainName(file, 50)}`,
      value: file.fileId,
    });
  return [
    ...sectionsOf([scanStatus.title, ...scannerLines(health), scanStatus.counts(health)]),
    ...found.map((file) => section(scanStatus.found(boldName(nameOf(file), nameLength.line)), details(file))),
    ...(more > 0 ? [context(common.more(more))] : []),
    ...(hidden > 0 ? [context(scanStatus.hidden(hidden))] : []),
  ];
}

function scannerLines(health: ScanHealthInput): string[] {
  if (health.mixed === 'others') return [scanStatus.othersOnly, scanStatus.policy[health.unscannedPolicy]];
  if (!health.isOn) return [scanStatus.off];
  const { engine, signatures, signaturesAt, awaySince } = health;
  const which =
    signatures === null || signaturesAt === null
      ? scanStatus.ownSignatures
      : scanStatus.signatures(signatures, moment(signaturesAt));
  return [
    engine === null ? scanStatus.unknown : scanStatus.on(quietName(engine, 60), which),
    ...(awaySince === null ? [] : [scanStatus.away(moment(awaySince))]),
    scanStatus.policy[health.unscannedPolicy],
    ...(health.mixed === 'yes' ? [scanStatus.mixed] : []),
    ...(health.tellsLimits === false ? [scanStatus.hidesLimits] : []),
    ...(health.tellsLocked === false ? [scanStatus.hidesLocked] : []),
  ];
}
