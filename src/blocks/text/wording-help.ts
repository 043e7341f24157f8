/** Every sentence of the help, of the choices after `/vault` alone, and of near commands. Arguments are mrkdwn. */
import { BOT_NAME, COMMAND } from '../../text/handles.ts';

export const choices = {
  title: '*What would you like to do?*',
  orType: `or type \`${COMMAND} budget\``,
  text: `Find files, upload, or type ${COMMAND} budget`,
  /** Plain, like all below. */
  find: 'Find files',
  findLabel: 'Find files that you can see',
  here: 'Files here',
  hereLabel: 'Files here: those of this channel',
  upload: 'Upload',
  uploadLabel: 'Upload: save files without posting them',
  mine: 'My files',
  mineLabel: 'My files: those that you shared',
  trash: 'Trash',
  trashLabel: 'Trash: deleted files that can be restored',
};

export const near = {
  instead: (typed: string, command: string) => `No files found for ${typed}. Did you mean ${command}?`,
  beside: (command: string) => `Did you mean ${command}?`,
  forAdmins: (command: string) => `${command} is for admins, so I searched for these words.`,
  noTopic: (typed: string, help: string) =>
    `${typed} is no command, so I searched for it. ${help} shows all commands.`,
  offered: (command: string) => `Only you can see this. Start ${command}?`,
};

export const help = {
  title: `*${BOT_NAME} saves every file shared in its channels.*`,
  text: `What you can type after ${COMMAND}`,
  search: `\`${COMMAND} budget\`  Just search`,
  line: (command: string, summary: string) => `${command}  ${summary}`,
  admins: '*For admins*',
  more: `\`${COMMAND} help find\` shows all that you can search for.`,
  command: COMMAND,
  topic: (command: string, summary: string) => `*${command}*  ${summary}`,
  also: (names: string[]) => `The same: ${names.join(', ')}`,
};
