import { describe, expect, it } from 'vitest';
import { mailOf } from '../../src/file-kinds.ts';
import { type SlackApi, SlackApiError } from '../../src/slack/api.ts';
import { fileInfo, textOfMail } from '../../src/slack/file-info.ts';
import { readFiles } from '../../src/slack/file-object.ts';
import type { SlackFile } from '../../src/slack/file-shape.ts';
import { listRows } from '../../src/slack/list-rows.ts';

const mail: SlackFile = {
  id: 'F1',
  ...{ name: 'Offer', title: 'Offer', mode: 'email', filetype: 'email', user: 'USLACKBOT', size: 9 },
  url_private: 'https://files.slack.com/files-pri/T1-F1/offer',
  attachments: [
    { filename: 'a.pdf', size: 3, url: 'https://files-origin.slack.com/files-email-priv/T1-F1-a-b/a.pdf' },
    { filename: 'b.pdf', size: 4, url: 'https://files-origin.slack.com/files-email-priv/T1-F1-a-c/b.pdf' },
  ],
  shares: { public: { C1: [{ ts: '1700000000.000100' }] }, private: undefined },
};
const [, , second] = readFiles('T1', mail).map(({ file }) => file);

/** A Slack that answers by method; what is asked is written down. */
function slack(answer: (method: string, args: Record<string, unknown>) => unknown) {
  const asked: Array<[string, Record<string, unknown>]> = [];
  const api = {
    async call(method: string, args: Record<string, unknown>) {
      asked.push([method, args]);
      return answer(method, args);
    },
  } as unknown as SlackApi;
  return { api, asked };
}

describe('files.info', () => {
  it('tells of a mail with what was attached to it', async () => {
    const info = await fileInfo(slack(() => ({ file: mail })).api, { teamId: 'T1', fileId: 'F1' });
    expect(info).toMatchObject({
      file: { fileId: 'F1' },
      attachments: [{ file: { name: 'a.pdf' } }, { file: { name: 'b.pdf' } }],
    });
  });

  it('is asked for the mail where an attachment is wanted, whatever its address is by now', async () => {
    const moved = {
      ...mail,
      attachments: [...(mail.attachments ?? [])].reverse().map((one) => ({ ...one, url: `${one.url}?new` })),
    };
    const { api, asked } = slack(() => ({ file: moved }));
    for (const parentId of ['F1', null]) {
      const info = await fileInfo(api, { teamId: 'T1', fileId: second?.fileId as string, parentId });
      expect(info).toMatchObject({
        file: { name: 'b.pdf', url: expect.stringContaining('?new') },
        shares: [{ ts: '1700000000.000100' }],
      });
    }
    expect(asked.map(([, args]) => args)).toEqual([{ file: 'F1' }, { file: 'F1' }]);
    expect(mailOf({ fileId: 'F0AB12CD34' })).toBeNull();
  });

  it.each([
    [
      'the mail no longer has it',
      { file: { ...mail, attachments: [] } },
      { skip: 'not_found', passing: true },
    ],
    ['the mail is hidden', { file: { id: 'F1', mode: 'hidden_by_limit' } }, { skip: 'hidden_by_limit' }],
  ])('gives the reason when %s', async (_why, answer, skip) => {
    const info = await fileInfo(slack(() => answer).api, { teamId: 'T1', fileId: second?.fileId as string });
    expect(info).toEqual(skip);
  });

  it.each([
    ['nothing', {}],
    ['a file of another id', { file: { id: 'F9' } }],
  ])('takes %s for no answer: Slack is asked again', async (_what, answer) => {
    const asking = fileInfo(slack(() => answer).api, { teamId: 'T1', fileId: 'F1' });
    await expect(asking).rejects.toMatchObject({ code: 'unexpected_answer', permanent: false });
  });
});

it.each([[{}], [{ file: null }], [{ file: { id: 'F2' } }]])(
  '%j is no answer about a file',
  async (answer) => {
    await expect(fileInfo(slack(() => answer).api, { teamId: 'T1', fileId: 'F1' })).rejects.toMatchObject({
      permanent: false,
    });
  },
);

describe('the text of an e-mail', () => {
  it.each([
    [
      { simplified_html: '<b>x</b>', plain_text: 'x' },
      { form: 'html', type: 'text/html', text: '<b>x</b>' },
    ],
    [
      { simplified_html: '', plain_text: 'x' },
      { form: 'plain', type: 'text/plain', text: 'x' },
    ],
    [{ preview: '<div>x</div>' }, { form: 'preview', type: 'text/html', text: '<div>x</div>' }],
    [{ preview_plain_text: 'x < y' }, { form: 'preview', type: 'text/plain', text: 'x < y' }],
    [{}, null],
  ])('of %j is the best there is', async (given, text) => {
    expect(
      await textOfMail(slack(() => ({ file: { id: 'F1', ...given } })).api, { teamId: 'T1', fileId: 'F1' }),
    ).toEqual(text);
  });
});

describe('all rows of a list', () => {
  const ref = { teamId: 'T1', fileId: 'F1' };
  const quick = { everyMs: 1, patienceMs: 50 };
  const url = 'https://files.slack.com/files-pri/T1-F1/json/list';
  const no = (code: string, temporary = false) => {
    throw new SlackApiError('slackLists.download.start', code, { temporary });
  };

  it('are asked for with their threads until Slack has them', async () => {
    let polls = 0;
    const { api, asked } = slack((method) =>
      method.endsWith('start')
        ? { job_id: 'Le1' }
        : ++polls < 3
          ? { status: 'PROCESSING' }
          : { status: 'COMPLETED', download_url: url },
    );
    expect(await listRows(api, ref, quick)).toEqual({ url });
    expect(asked[0]).toEqual([
      'slackLists.download.start',
      { list_id: 'F1', format: 'json', include_threads: true, include_attachments: true },
    ]);
    expect(asked.at(-1)?.[1]).toMatchObject({ list_id: 'F1', job_id: 'Le1', format: 'json' });
  });

  it('are asked for plainly where Slack does not know those words', async () => {
    const { api } = slack((method, args) =>
      'format' in args
        ? no('invalid_arguments')
        : method.endsWith('start')
          ? { job_id: 'Le1' }
          : { download_url: url },
    );
    expect(await listRows(api, ref, quick)).toEqual({ url });
  });

  it.each([
    'missing_scope',
    'unknown_method',
    'permission_denied',
    'list_not_found',
    'not_allowed_token_type',
  ])('are not to be had: %s', async (code) =>
    expect(await listRows(slack(() => no(code)).api, ref, quick)).toBeNull(),
  );

  it('are not to be had when Slack fails to write them, and later when it is slow or away', async () => {
    const job = (answer: unknown) =>
      slack((method) => (method.endsWith('start') ? { job_id: 'Le1' } : answer)).api;
    expect(await listRows(job({ status: 'FAILED' }), ref, quick)).toBeNull();
    await expect(listRows(job({ status: 'PROCESSING' }), ref, quick)).rejects.toMatchObject({
      code: 'list_not_ready',
      permanent: false,
    });
    await expect(listRows(slack(() => no('internal_error', true)).api, ref, quick)).rejects.toMatchObject({
      permanent: false,
    });
  });
});
