/** One word for each thing, and sentences that are understood at the first reading. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { backfillProgress } from '../../src/blocks/backfill-progress.ts';
import { expiryMessage, rulesMessage } from '../../src/blocks/channel-news.ts';
import { digestMessage, signMessage, storedMessage, trashedMessage } from '../../src/blocks/confirmation.ts';
import { joinedMessage } from '../../src/blocks/joined.ts';
import { backfill, backfillFiles, NOW, notices, post } from './samples.ts';

const root = resolve(import.meta.dirname, '../../src');

/** No sentence has more words. */
const MOST_WORDS = 25;

/** Words that a screen does not use, and what it says instead. */
const AVOIDED: ReadonlyArray<[RegExp, string]> = [
  [/\b(kept|keeps|captures?|captured|archived|vaulted)\b/i, 'saved'],
  [/\bthe vault\b|to vault\b/i, 'saved, or RIA Vault'],
  [/\bmoved? .*to (the )?trash\b/i, 'Delete, or in the trash'],
  [/\bversion removed\b/i, 'deleted'],
  [/\bfor good\b/i, 'forever'],
  [/<@/, 'a plain name'],
];

/** What the people of Slack read stands in these files. */
function sentenceFiles(): Array<{ file: string; texts: string[] }> {
  const inFolders = ['blocks/text', 'refusals'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file)),
  );
  const sources = [...inFolders, 'text/audit-words.ts'].map((file) => ({
    file,
    texts: literalsOf(readFileSync(join(root, file), 'utf8')),
  }));
  return [...sources, { file: 'manifest.yml', texts: textsOfManifest() }];
}

/** What Slack shows of the app: its description, shortcuts and commands. */
function textsOfManifest(): string[] {
  const { display_information: about, features } = parse(
    readFileSync(resolve(root, '../manifest.yml'), 'utf8'),
  );
  const shown = [...features.shortcuts, ...features.slash_commands] as Array<Record<string, string>>;
  return [
    ...[about.name, about.description, about.long_description],
    ...shown.flatMap(({ name = '', description = '', usage_hint = '' }) => [name, description, usage_hint]),
  ];
}

/** The texts in a source: each string, and each template with … for its values. What is in them is a text of its own. */
function literalsOf(source: string): string[] {
  const texts: string[] = [];
  let at = 0;

  function quoted(sign: string): void {
    let text = '';
    for (at += 1; at < source.length && source[at] !== sign; at += 1) {
      if (source[at] === '\\') {
        at += 1;
        text += source[at] === 'n' ? '\n' : source[at];
      } else if (sign === '`' && source.startsWith('${', at)) {
        at += 2;
        code('}');
        text += '…';
      } else text += source[at];
    }
    texts.push(text);
  }

  function code(end?: string): void {
    for (let depth = 0; at < source.length; at += 1) {
      const sign = source[at] as string;
      if (source.startsWith('/*', at)) at = source.indexOf('*/', at) + 1;
      else if (source.startsWith('//', at)) at = source.indexOf('\n', at);
      else if (sign === "'" || sign === '`') quoted(sign);
      else if (sign === end && depth === 0) return;
      else if (sign === '{') depth += 1;
      else if (sign === '}') depth -= 1;
    }
  }

  code();
  return texts.filter((text) => !IS_CODE.test(text));
}

/** A code for the log or a name in the program; no sentence. */
const IS_CODE = /^[a-z0-9]*_[a-z0-9_]*$|^archived$/;

const withoutCode = (text: string) => text.replace(/`[^`]*`/g, '`…`');
const sentencesOf = (text: string) => withoutCode(text).split(/(?<=[.!?:;])\s+|\n/);
const wordsIn = (sentence: string) =>
  sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}…]/u.test(word)).length;

it('reads texts, templates and what is in them, but no comments', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is source text
  const source = "const a = { b: 'it\\'s', /* 'no' */ c: (n) => `x ${n ? 'one' : `two ${n}`} y` }; // 'no'\n";
  expect(literalsOf(source)).toEqual(["it's", 'one', 'two …', 'x … y']);
});

describe.each(sentenceFiles())('$file', ({ texts }) => {
  it('has one word for each thing', () => {
    const found = texts.flatMap((text) =>
      AVOIDED.filter(([word]) => word.test(withoutCode(text))).map(
        ([, instead]) => `say ${instead}: ${text}`,
      ),
    );
    expect(found).toEqual([]);
  });

  it(`has no sentence of more than ${MOST_WORDS} words`, () => {
    const long = texts.flatMap(sentencesOf).filter((sentence) => wordsIn(sentence) > MOST_WORDS);
    expect(long).toEqual([]);
  });
});

it('what the bot posts by itself mentions nobody and is short', () => {
  const names = new Map([['U0ANN', 'Anna']]);
  const by = (kind: 'stored' | 'trashed' | 'restored') => post(notices(12, { kind, actorId: 'U0ANN' }));
  const news = [{ actorId: 'U0ANN', changes: { confirm: 'off' as const, capture: false } }];
  const running = {
    backfill: backfill({ requestedBy: 'U0ANN', stoppedBy: 'U0ANN' }),
    files: backfillFiles(),
  };
  const posts = [
    storedMessage({ post: by('stored'), explains: 'file_cabinet' }),
    digestMessage({ post: by('stored') }),
    trashedMessage({ post: by('trashed'), names }),
    trashedMessage({ post: by('restored'), names }),
    signMessage({ sign: 'file_cabinet' }),
    joinedMessage(),
    rulesMessage({ news, names, sign: 'file_cabinet' }),
    expiryMessage({ files: 3 }),
    backfillProgress({ ...running, names, now: NOW }),
  ];
  for (const said of posts) {
    expect(JSON.stringify(said)).not.toContain('<@');
    expect(said.blocks.length).toBeLessThanOrEqual(3);
    expect(said.text.split(/\s+/).length).toBeLessThanOrEqual(MOST_WORDS);
  }
});
