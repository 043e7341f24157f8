/** What people read about the malware scanner. Arguments are safe mrkdwn unless the comment says plain. */
import { COMMAND } from '../../text/handles.ts';
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
    released: ':warning: released by an admin in spite of the malware check',
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
  releaseLabel: (plainName: string) => `Release ${plainName} in spite of the malware check`,
  again: 'Check again',
  /** Plain. */
  againLabel: (plainName: string) => `Have ${plainName} checked for malware again`,
  checkingAgain: (name: string) => `:hourglass_flowing_sand: ${name} is being checked again.`,
  form: {
    title: 'Release this file?',
    submit: 'Release',
    what: 'Everybody who may see it can then download it. It is written into the audit log, with your reason. If its bytes change, the new ones are checked again.',
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
  hint: 'The vault keeps what was found, but gives it to nobody. Slack’s own copy is untouched: if you did not mean to share it, delete it there. If it is a false alarm, an admin of the vault can release it.',
};

export const scanStatus = {
  title: '*Malware check*',
  on: (engine: string, signatures: string) => `${engine}, ${signatures}`,
  signatures: (number: string, moment: string) => `signatures ${number} of ${moment}`,
  ownSignatures: 'signatures of its own',
  off: ':warning: VAULT_SCAN is not set: nothing is checked any more. What was found before is still not given out.',
  unknown: 'the scanner has not answered yet',
  away: (moment: string) => `:warning: The scanner has not answered since ${moment}.`,
  counts: (c: { waiting: number; infected: number; unscanned: number; released: number; atLeast: boolean }) =>
    `${c.atLeast ? 'At least ' : ''}${numbers.format(c.waiting)} waiting, ${numbers.format(c.infected)} with malware, ${numbers.format(c.unscanned)} not checked, ${numbers.format(c.released)} released. All others are clean, or are looked at as they are asked for.`,
  policy: {
    block: 'Files that cannot be checked are not given out.',
    allow: 'Files that cannot be checked are given out, and say so.',
  },
  hidesLimits:
    ':warning: The scanner does not tell its limits: set `AlertExceedsMax yes` in clamd.conf. Until then, files over 25 MiB count as not checked.',
  hidesLocked:
    'The scanner does not tell of files with a password: `AlertEncrypted yes` in clamd.conf changes that. Until then they count as clean.',
  found: (name: string) => `• :no_entry: ${name}`,
  hidden: (n: number) => `And ${count(n, 'file')} that you could not see in Slack.`,
};

export const scanAlerts = {
  infected: (signature: string, files: number) =>
    `Malware was found: ${signature}, in ${count(files, 'file')}. ${files === 1 ? 'It is' : 'They are'} kept, but not given out. \`${COMMAND} status\` shows what you may see of it.`,
  infectedOver: (signature: string) => `Nothing with ${signature} is held back any more.`,
  away: (moment: string) =>
    `The malware scanner has not answered since ${moment}. Files are kept as always, but new ones wait for it. Look at clamd and at \`VAULT_SCAN\`.`,
  awayOver: 'The malware scanner answers again.',
  old: (moment: string) =>
    `The malware scanner’s signatures are of ${moment}. New malware is not found: look at freshclam.`,
  oldOver: 'The malware scanner has new signatures.',
  limits: scanStatus.hidesLimits.replace(':warning: ', ''),
  limitsOver: 'The malware scanner tells its limits.',
};
