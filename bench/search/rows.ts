import { channelSetToken, channelToken } from '../../src/catalog/search/index-terms.ts';
import { audienceOf } from '../load-rows.ts';
import { fileAt } from '../sample.ts';
import { drawWords, searchedAt, seedOf, wordAt } from './words.ts';

/** Words of the message that shared a file. */
const SAID = 15;
/** Words of a document: some 20 kB, eight pages. */
const IN_FILE = 3_000;

/** What is written of one file so that it is found by words. */
export interface Texts {
  id: number;
  fileId: string;
  channelId: string;
  ts: string;
  author: string;
  at: number;
  said: string;
  /** As the two indexes have them. */
  saidIndex: { channel: string; words: string[] };
  contents: { audienceId: number; set: string; words: string[] };
  /** How long the document's text is, in bytes. */
  bytes: number;
}

/** What was said with the i-th file, and the words in it, unless they are not wanted: drawing them takes the longest. */
export function textsOf(i: number, stepMs: number, withContents = true): Texts {
  const { fileId, channelId, uploaderId, at } = fileAt(i, stepMs);
  const draw = drawWords(seedOf(i));
  const said = Array.from({ length: SAID }, draw);
  const ranks = new Set<number>();
  let bytes = 0;
  for (let drawn = 0; withContents && drawn < IN_FILE; drawn++) {
    const rank = draw();
    ranks.add(rank);
    bytes += wordAt(rank).length + 1;
  }
  const audienceId = audienceOf(channelId);
  return {
    ...{ id: i + 1, fileId, channelId, ts: (at / 1_000).toFixed(6), author: uploaderId, at, bytes },
    said: said.map(wordAt).join(' '),
    saidIndex: { channel: channelToken(channelId), words: said.map(searchedAt) },
    contents: { audienceId, set: channelSetToken(audienceId), words: [...ranks].map(searchedAt) },
  };
}
