/** The process dies while e-mails come in. Their attachments are not files to Slack. */
import { setTimeout as sleep } from 'node:timers/promises';
import { attachmentsOf } from '../../src/slack/mail.ts';
import { unknownFile } from '../../src/slack/unknown-file.ts';
import { firstStart, SIZES, someFiles } from './people.ts';
import type { Scenario, Stage } from './scenario.ts';

/** The most attachments in a mail; with more, a confirmation could not be judged by its names. */
const MOST_ATTACHED = 4;

/** What Slack serves of a mail with this text. */
const served = (html: string) =>
  Buffer.from(`<html><head><meta charset="utf-8"></head><body>${html}</body></html>`);

/** An e-mail comes into a channel: it is a file, and so is each attachment. */
function mail({ vault, ledger, random }: Stage, channel: string): void {
  const small = SIZES.filter((size) => size <= 2 * 1024 ** 2);
  const attached = someFiles(
    random,
    Array.from({ length: random.int(1, MOST_ATTACHED) }, () => random.pick(small)),
  );
  const subject = `Mail ${random.int(0, 2 ** 40).toString(36)}`;
  const html = `<p>About ${subject}</p>`;
  const attachments = attached.map(({ name, content }) => ({
    filename: name ?? '',
    mimetype: 'application/octet-stream',
    content,
  }));
  const { ts, fileId } = vault.slack.mail(channel, { subject, html, attachments });
  ledger.addShared({ fileId, name: subject, content: served(html) }, channel, ts);
  const told = attached.map(({ name: filename, content: { length: size } }) => ({ filename, size }));
  const about = { ...unknownFile(vault.slack.workspace.teamId, fileId), mode: 'email' };
  for (const [index, { file }] of attachmentsOf(about, { attachments: told }).entries()) {
    const { name, content } = attached[index] as (typeof attached)[number];
    ledger.addShared({ fileId: file.fileId, name, content }, channel, ts);
  }
}

const whileMailComes: Scenario = {
  name: 'kills during e-mail attachments',
  slack: { limits: 'off' },
  does: 'kill -9 at random moments while e-mails with attachments come in, whole or as stubs that are looked up',
  async run(stage) {
    const { vault, random } = stage;
    await (await firstStart(stage)).kill();
    for (let count = 0; count < stage.of(7, 60); count++) {
      const bot = vault.launchBot();
      if (random.chance(0.75)) await bot.ready;
      for (let mails = random.int(1, 2); mails > 0; mails--) {
        if (random.chance(0.4)) vault.slack.faults.stub('*', 'check_file_info', 2);
        mail(stage, random.pick(['general', 'design', 'finance']));
      }
      await sleep(random.int(0, 1_200));
      await bot.kill();
    }
    vault.slack.faults.clear();
    await vault.startBot();
  },
};

export const mailKills: Scenario[] = [whileMailComes];
