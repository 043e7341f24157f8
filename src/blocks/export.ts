import type { KnownBlock } from '@slack/types';
import type { ExportJob } from '../catalog/governance/exports.ts';
import { actions, button, context, type Screen, section } from './kit/elements.ts';
import { limits } from './kit/limits.ts';
import { channel, moment } from './kit/mrkdwn.ts';
import { common } from './text/wording.ts';
import { exports as words } from './text/wording-govern.ts';

type About = Pick<ExportJob, 'kind' | 'format' | 'channelId'>;

function whatOf({ kind, format, channelId }: About): string {
  return kind === 'audit' ? words.audit : words.manifest(channel(channelId), format.toUpperCase());
}

/** Shown at once, while it is being made. */
export function exportStarted(job: About): Screen {
  const text = words.started(whatOf(job));
  return { text, blocks: [section(text), context(words.startedHint)] };
}

/** Shown when it is ready: a button that makes a link, only for the person who asked. `goneAt` is in ms. */
export function exportReady(job: ExportJob & { goneAt: number }): Screen {
  const text = words.ready(whatOf(job));
  const get = button({
    actionId: 'export_link',
    text: words.get,
    label: words.getLabel,
    value: job.exportId,
    style: 'primary',
  });
  return {
    text,
    blocks: [
      section(`${text}\n${words.facts(job.rowCount, job.bytes)}`),
      ...actions([get]),
      context(words.until(moment(job.goneAt))),
    ],
  };
}

/** The link itself. Throws a RangeError if the URL is too long for a button. */
export function exportLink(o: { job: ExportJob; url: string; minutes: number }): Screen {
  if (o.url.length > limits.buttonUrl)
    throw new RangeError(`A link of ${o.url.length} characters fits no button.`);
  const text = words.ready(whatOf(o.job));
  const blocks: KnownBlock[] = [
    section(text),
    ...actions([
      button({
        actionId: 'open_link',
        text: words.get,
        label: words.getLabel,
        url: o.url,
        style: 'primary',
      }),
    ]),
    context(common.joined([words.facts(o.job.rowCount, o.job.bytes), words.link(o.minutes)])),
  ];
  return { text, blocks };
}

/** It could not be made, or is no longer allowed. */
export function exportNotMade({ why }: { why: 'failed' | 'refused' }): Screen {
  return { text: words[why], blocks: [section(words[why])] };
}
