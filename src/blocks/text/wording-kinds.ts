/** What Details says about files that Slack makes or keeps in its own form. Arguments are mrkdwn. */
import { count } from './wording.ts';

export const kinds = {
  outside: 'From somebody of another organisation, over Slack Connect.',
  transcode: 'Slack converted the recording and has only this copy.',
  transcript: '*What was said*, as Slack heard it',
  attachedTo: (mail: string) => `Attached to the e-mail ${mail}`,
  attachmentsMissing: (missing: number) =>
    `${count(missing, 'attachment')} of this e-mail ${missing === 1 ? 'is' : 'are'} not saved: Slack does not offer ${missing === 1 ? 'it' : 'them'}.`,
  mailBody: {
    html: 'Slack did not give the e-mail’s own page. This is its text in simpler form.',
    plain: 'Slack did not give the e-mail’s own page. This is its plain text, without formatting.',
    preview: 'Slack did not give the e-mail’s own page. This is Slack’s preview, perhaps cut short.',
  },
  listRows: {
    all: 'All rows of the list, with their threads.',
    default_view:
      'Only the default view of the list, without hidden rows and threads. With the scope `lists:read`, all rows are saved.',
  },
  blank: 'It was still empty when it was saved.',
};
