/** What people read about the malware scanner. Arguments are safe mrkdwn unless the comment says plain. */
import { count, numbers } from './wording.ts';

export const scan = {
  title: 'Malware check',
  clean: (moment: string, scanner: string) => `:white_check_mark: nothing found · ${moment} · ${scanner}`,
  waiting: ':hourglass_flowing_sand: being checked',
  infected: (signature: string) => `:no_entry: found ${signature}: not given out`,
  unscanned: (why: string, isGiven: boolean) =>
    `:warning: not checked: ${why}. ${isGiven ? 'It is given out unchecked.' : 'It is not given out.'}`,
  released: (person: string, moment: string, reason: string) => `Released by ${person}, ${moment}: ${reason}`,
  /** In the history. */
  nothing: 'nothing found any more',
  notChecked: 'it could not be checked',
  /** In lists; short. */
  note: {
    waiting: ':hourglass_flowing_sand: being checked for malware',
    infected: ':no_entry: malware found, not given out',
    unscanned: ':warning: not checked for malware',
    blocked: ':warning: could not be checked for malware, not given out',
    released: ':warning: released by an admin despite the malware check',
  },
  /** Beside a link. */
  given: {
    unscanned: (why: string) => `:warning: This file was not checked for malware: ${why}.`,
    released: (found: string) => `:warning: The malware check says ${found}. An admin released the file.`,
    /** What the check of a released file says, if it was not checked. */
    notChecked: 'that it could not be checked',
    found: (signature: string) => `that it holds ${signature}`,
  },
  release: 'Release…',
  /** Plain. */
  releaseLabel: (plainName: string) => `Release ${plainName} despite the malware check`,
  /** Plain. */
  releaseVersionLabel: (number: number, plainName: string) =>
    `Release version ${number} of ${plainName} despite the malware check`,
  again: 'Check again',
  /** Plain. */
  againLabel: (plainName: string) => `Check again: ${plainName}, for malware`,
  checkingAgain: (name: string) => `:hourglass_flowing_sand: ${name} is being checked again.`,
  form: {
    title: 'Release this file?',
    submit: 'Release',
    what: 'Everybody who can see it can then download it. Your reason goes into the audit log. If the file changes, it is checked again.',
    found: (signature: string) => `:no_entry: The malware scanner found ${signature}.`,
    unscanned: (why: string) => `:warning: It was not checked for malware: ${why}.`,
    /** Plain. */
    reason: 'Why may it be given out?',
    reasonHint: 'For example: a false alarm, checked with the sender.',
  },
  done: (name: string) => `:unlock: ${name} is released.`,
  doneHint: 'The audit log says who released it, and why.',
};

/** To the person who uploaded files in which malware was found. */
export const foundInYours = {
  text: (n: number) => `Malware was found in ${count(n, 'file')} of yours`,
  title: (n: number) => `:no_entry: *Malware was found in ${count(n, 'file')} that you shared*`,
  line: (name: string) => `• ${name}`,
  hint: 'It is saved, but nobody can download it. If you did not mean to share it, delete it in Slack too. If it is a false alarm, ask an admin to release it.',
};

export const scanStatus = {
  title: '*Malware check*',
  on: (engine: string, signatures: string) => `${engine}, ${signatures}`,
  signatures: (number: string, moment: string) => `signatures ${number} of ${moment}`,
  ownSignatures: 'signatures of its own',
  off: ':warning: `VAULT_SCAN` is not set, so nothing new is checked. What was found before is still not given out.',
  othersOnly:
    ':warning: This bot has no `VAULT_SCAN`, but another bot of this vault has. Files are given out only when that one finds nothing. Give all bots the same `VAULT_SCAN`.',
  mixed:
    ':warning: The bots of this vault have different `VAULT_SCAN` or `VAULT_SCAN_UNSCANNED`. The strictest counts for all. Give them all the same.',
  unknown: 'the scanner has not answered yet',
  away: (moment: string) => `:warning: The scanner has not answered since ${moment}.`,
  counts: (c: { waiting: number; infected: number; unscanned: number; released: number; most: number }) => {
    const n = (number: number) => `${numbers.format(number)}${number >= c.most ? ' or more' : ''}`;
    return `${n(c.waiting)} waiting, ${n(c.infected)} with malware, ${n(c.unscanned)} not checked, ${n(c.released)} released. All others are clean, or are checked when somebody asks for them.`;
  },
  policy: {
    block: 'Files that cannot be checked are not given out.',
    allow: 'Files that cannot be checked are given out with a warning.',
  },
  hidesLimits:
    ':warning: The scanner does not tell its limits: set `AlertExceedsMax yes` in clamd.conf. Until then, files over 25 MiB count as not checked.',
  hidesLocked:
    'The scanner does not report files with a password: set `AlertEncrypted yes` in clamd.conf. Until then they count as clean.',
  found: (name: string) => `• :no_entry: ${name}`,
  hidden: (n: number) => `And ${count(n, 'file')} that you can’t see in Slack.`,
};

export const scanAlerts = {
  infected: (signature: string, files: number) =>
    `Malware was found: ${signature}, in ${count(files, 'file')}. Nobody can download ${files === 1 ? 'it' : 'them'}.`,
  infectedOver: (signature: string) => `No file with ${signature} is left.`,
  away: (moment: string) =>
    `The malware scanner has not answered since ${moment}. Files are saved, but new ones can’t be downloaded yet. Look at clamd and at \`VAULT_SCAN\`.`,
  awayOver: 'The malware scanner answers again.',
  old: (moment: string) =>
    `The malware scanner’s signatures are from ${moment}, so new malware is not found. Look at freshclam.`,
  oldOver: 'The malware scanner has new signatures.',
  limits: scanStatus.hidesLimits.replace(':warning: ', ''),
  limitsOver: 'The malware scanner tells its limits.',
  mixed: (moment: string) =>
    `Since ${moment}, the bots of this vault have different \`VAULT_SCAN\` or \`VAULT_SCAN_UNSCANNED\`. The strictest counts for all. Give them all the same.`,
  mixedOver: 'All bots of this vault check for malware alike.',
};
