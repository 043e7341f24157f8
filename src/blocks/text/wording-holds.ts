/** What people read of holds. Arguments are mrkdwn unless the comment says plain. */
import { COMMAND } from '../../text/handles.ts';
import { count, numbers } from './wording.ts';

export const holds = {
  title: '*Holds*',
  text: (n: number) => (n === 0 ? 'There are no holds.' : `${count(n, 'hold')} in force`),
  hint: 'Files on hold can’t be deleted by anyone, or by retention.',
  locked: (objects: number) =>
    `With S3’s Object Lock the bucket itself holds ${count(objects, 'object')} now.`,
  lockWaits: (files: number) => `${count(files, 'file')} still to be locked.`,
  lockFails: (files: number) =>
    `:warning: ${count(files, 'file')} could not be locked. The log says why, and I try again.`,
  notLocked: 'The bucket has no Object Lock, so only RIA Vault holds these files.',
  lockUnknown:
    ':warning: Only RIA Vault holds these files: it may not ask whether the bucket has Object Lock (`s3:GetBucketObjectLockConfiguration`).',
  none: ':unlock: Nothing is on hold.',
  everything: 'everything',
  from: (person: string) => `files of ${person}`,
  in: (channel: string) => `files in ${channel}`,
  file: (id: string) => `the file ${id}`,
  listed: (files: string) => `${files} that a search found`,
  onHold: (moment: string) => `:lock: On hold since ${moment}`,
  notOnHold: 'Not on hold.',
  button: 'Hold…',
  /** Plain. */
  buttonLabel: (plainName: string) => `Put ${plainName} on hold`,
  since: (day: string) => `shared since ${day}`,
  before: (day: string) => `shared before ${day}`,
  facts: (person: string, moment: string) => `by ${person} · ${moment}`,
  covers: (n: number) => count(n, 'file'),
  counting: (n: number) => `${count(n, 'file')} so far`,
  lift: 'Lift',
  /** Plain. */
  liftLabel: 'Lift this hold',
  liftTitle: 'Lift this hold?',
  /** Plain. */
  liftText:
    'Its files can be deleted again. Those in the trash whose time is over are deleted forever right away.',
  liftDeny: 'Keep it',
  fresh: 'New hold…',
  /** Plain. */
  freshLabel: 'New hold: put files on hold',
  more: (n: number) => `…and ${numbers.format(n)} older`,
};

export const holdForm = {
  title: 'Put files on hold',
  submit: 'Put on hold',
  intro: 'Files that match *everything* you fill in are held, also new ones.',
  willHold: (files: string, size: string) => `This will hold ${files}, ${size}.`,
  /** Of all that will be held. */
  inTrash: (n: number) =>
    n === 1 ? 'One of them is in the trash.' : `${numbers.format(n)} of them are in the trash.`,
  person: 'Uploaded or shared by',
  channel: 'Shared in',
  file: 'One file, by its id',
  fileHint: 'The id stands at the bottom of a file’s details. It begins with F.',
  from: 'Shared on or after',
  until: 'Shared on or before',
  reason: 'Why',
  reasonHint: 'Admins see this in the list of holds and in the audit log.',
  /** Plain: errors beside a field. */
  empty: 'Fill in at least one of person, channel, file or dates.',
  badFile: 'That is no file’s id: it begins with F and has letters and digits only.',
  badRange: 'The last day comes before the first.',
  badChoice: 'Choose from the list.',
  badDate: 'Choose a day of the calendar.',
  badReason: 'The reason holds a character that I cannot read (NUL). Please type it again.',
  longReason: (most: number) => `The reason is too long: it may have up to ${most} characters.`,
  done: (scope: string) => `:lock: On hold: ${scope}`,
  tooLate: (n: number) =>
    `:warning: ${count(n, 'file')} ${n === 1 ? 'was' : 'were'} just being deleted forever and may be gone.`,
  doneHint: `\`${COMMAND} hold\` shows all holds and lifts them.`,
};
