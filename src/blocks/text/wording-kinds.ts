/** What Details says about files that Slack makes or keeps in its own form. Arguments are mrkdwn. */
import { count } from './wording.ts';

export const kinds = {
  transcode:
    'Slack keeps only this copy of the recording, which it converted itself. What was recorded is no longer to be had.',
  transcript: '*What was said*, as Slack heard it',
  attachedTo: (mail: string) => `Attached to the e-mail ${mail}`,
  attachmentsMissing: (missing: number) =>
    `${count(missing, 'attachment')} of this e-mail ${missing === 1 ? 'is' : 'are'} not offered by Slack, and so not kept.`,
  mailBody: {
    html: 'Slack did not give the e-mail’s own page. This is its text in a simpler form.',
    plain: 'Slack did not give the e-mail’s own page. This is its plain text, without formatting.',
    preview: 'Slack did not give the e-mail’s own page. This is Slack’s preview, which may be cut short.',
  },
  listRows: {
    all: 'All rows of the list, with their threads.',
    default_view:
      'Only the default view of the list: rows that it hides, and threads, are not in it. With the scope `lists:read` all rows are kept.',
  },
  blank: 'There was nothing in it yet when it was stored.',
};
