import { randomBytes } from 'node:crypto';
import { presignDownload } from '../../storage/presign.ts';
import { at, put } from '../bucket/put.ts';
import { readXml } from '../bucket/xml.ts';
import type { Check } from '../check.ts';
import { fetched, same } from '../slack/download.ts';
import type { Stage } from '../stage.ts';

/** What a browser sends with a click on a link in another page (Chromium, Fetch Metadata). */
const BROWSER = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
  'accept-language': 'en-GB,en;q=0.9',
  'accept-encoding': 'gzip, deflate, br',
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'cross-site',
  'upgrade-insecure-requests': '1',
  'user-agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
};
const NAME = 'Rehearsal “ä” 1.txt';
const TEXT = Buffer.from(`Rehearsal ${randomBytes(200).toString('hex')}\n`);

/** A link, as people get it with `/vault get`. */
async function linkTo(stage: Stage): Promise<string> {
  const { bucket } = stage;
  const { Key: key } = at(stage, 'link.txt');
  await put(stage, 'link.txt', TEXT, { ContentType: 'text/plain; charset=utf-8' });
  return presignDownload(bucket, { key, name: NAME, contentType: 'text/plain', expiresSeconds: 120 });
}

/** Links in a browser. */
export const links: Check[] = [
  {
    id: 'link.open',
    title: 'opens a link as a browser does',
    async run(stage, see) {
      const { sight, bytes } = await fetched(await linkTo(stage), BROWSER, stage.signal);
      const disposition = sight.headers?.['content-disposition'] ?? '';
      const isSaved = /^attachment;/.test(disposition) && disposition.includes('filename*=UTF-8');
      const facts = { 'the same bytes': same(bytes, TEXT), 'saved under its name': isSaved ? 'yes' : 'no' };
      see('answer', { ...sight, facts });
    },
  },
  {
    id: 'link.part',
    title: 'goes on with a download in the middle',
    async run(stage, see) {
      const headers = { ...BROWSER, range: 'bytes=20-', 'accept-encoding': 'identity' };
      const { sight, bytes } = await fetched(await linkTo(stage), headers, stage.signal);
      see('answer', { ...sight, facts: { 'the same bytes': same(bytes, TEXT.subarray(20)) } });
    },
  },
  {
    id: 'link.forged',
    title: 'opens a link that somebody changed',
    async run(stage, see) {
      const url = new URL(await linkTo(stage));
      url.searchParams.set('X-Amz-Expires', '604800');
      const { sight, bytes } = await fetched(url.href, BROWSER, stage.signal);
      see('answer', { ...sight, body: readXml(bytes.toString()) });
    },
  },
];
