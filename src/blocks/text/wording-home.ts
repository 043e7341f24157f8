/** What App Home and its windows say. Arguments are safe mrkdwn unless the comment says plain. */
import { BOT_HANDLE, BOT_NAME, COMMAND } from '../../text/handles.ts';
import { common, count, either, numbers } from './wording.ts';

export const home = {
  title: BOT_NAME,
  greeting: 'Every file shared in a channel that I am in is saved.',
  guest: 'You are a guest here: you see your own files, and those of the channels that you are in.',
  totals: (own: number, ownSize: string, files: number, size: string) =>
    common.joined([
      ...(own > 0 ? [`Yours: ${count(own, 'file')}, ${ownSize}`] : []),
      `In your channels: ${count(files, 'file')}, ${size}`,
    ]),
  find: 'Find files',
  mine: 'My files',
  week: 'This week',
  upload: 'Upload',
  commands: 'Commands',
  /** Plain. */
  findLabel: 'Find files by name, person, channel or date',
  mineLabel: 'My files: those that you shared',
  weekLabel: 'This week: files of the last seven days',
  uploadLabel: 'Upload files',
  commandsLabel: `Commands: everything that ${COMMAND} can do`,
  thisWeek: '*This week*',
  earlier: '*Earlier*',
  recent: '*Recent*',
  firstSteps:
    '*Three steps to your first file*\n' +
    `1. Open a channel and type \`/invite @${BOT_HANDLE}\`.\n` +
    '2. Drop a file into it, as always. I answer in its thread.\n' +
    `3. Type \`${COMMAND} list\` there to see it.`,
  dropFirst: (channels: string[]) =>
    '*Two steps to your first file*\n' +
    `1. Drop a file into ${either(channels)}, as always. I answer in its thread.\n` +
    `2. Type \`${COMMAND} list\` there to see it.`,
  guestFirstSteps:
    '*No files yet*\nDrop a file into one of your channels, as always. When it is saved, I answer in its thread.',
  onTheWay: (n: number) => `*On its way* · ${count(n, 'file')}`,
  failures: (n: number) =>
    `:warning: ${count(n, 'file is', 'files are')} not saved yet. I keep trying until it works.`,
  bucketAway: (moment: string) =>
    `:warning: The bucket cannot be reached since ${moment}. Nothing is lost: what you share is saved when it is back.`,
  notSaved: (channels: string) =>
    `:warning: I am not in ${channels}, so nothing shared there is saved. To change that, type \`/invite @${BOT_HANDLE}\` there.`,
  /** Where somebody typed a command. */
  notSavedHere: (channel: string) =>
    `:warning: I am not in ${channel}, so nothing shared here is saved. To change that, type \`/invite @${BOT_HANDLE}\`.`,
};

export const adminCard = {
  allWell: (coverage: string) => `:white_check_mark: All well · ${coverage}`,
  needsHand: (things: number, coverage: string) =>
    `:warning: ${count(things, 'thing needs', 'things need')} a hand · ${coverage}`,
  private: 'private channels count once I am invited',
  since: (moment: string) => `as of ${moment}`,
  work: (waiting: number, failed: number) =>
    common.joined([
      ...(waiting > 0 ? [`${count(waiting, 'file')} on the way`] : []),
      ...(failed > 0 ? [`${numbers.format(failed)} not saved yet`] : []),
    ]),
  trash: (files: number, size: string) => `Trash: ${count(files, 'file')}, ${size}`,
  audit: 'Audit',
  holds: 'Holds',
  settings: 'Settings',
  status: 'Status',
  /** Plain. */
  auditLabel: 'Audit: who did what',
  holdsLabel: 'Holds: which files are on hold',
  settingsLabel: 'Settings: how channels are saved',
  statusLabel: `Status: how ${BOT_NAME} is doing`,
};

export const settings = {
  title: '*Settings*',
  everywhere: '*In every channel*',
  everywhereHint: 'These are set where the bot runs. A channel can have its own:',
  /** Plain. */
  choose: 'Choose a channel',
  notIn: (channels: string) =>
    `I am not in ${channels}. To save what is shared there, type \`/invite @${BOT_HANDLE}\` in the channel.`,
};
