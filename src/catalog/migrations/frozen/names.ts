import { sql } from 'kysely';
import type { Db } from './database.ts';
import { decodeSlackText, foldFile } from './fold.ts';

interface NamedRow {
  id: number | string;
  name: string | null;
  title: string | null;
  mode: string | null;
  filetype: string | null;
}

const ROWS_AT_ONCE = 1_000;

/**
 * Earlier versions wrote down what Slack calls a canvas, a post, an e-mail or a list (`-`, `Untitled`, `weekly_sync`),
 * and its title as Slack escapes it. They get the names by which people know them.
 */
export async function recogniseNames(db: Db): Promise<void> {
  for (let after = 0; ; ) {
    const { rows } = await sql<NamedRow>`
      select id, name, title, mode, filetype from file where id > ${after}
        and mode in ('quip', 'canvas', 'docs', 'space', 'post', 'email', 'list', 'snippet', 'huddle_transcript')
      order by id limit ${ROWS_AT_ONCE}`.execute(db);
    for (const { id, mode, filetype, ...said } of rows) {
      const { name, title } = recognised(said, { mode, filetype });
      if (name === said.name && title === said.title) continue;
      const folded = foldFile({ name, title });
      await sql`update file set name = ${name}, title = ${title}, folded = ${folded} where id = ${id}`.execute(
        db,
      );
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return;
    after = Number(last.id);
  }
}

// The rules as they were when migration 0013 was released: a copy, which never changes.

type Described = Pick<NamedRow, 'mode' | 'filetype'>;
type Names = Pick<NamedRow, 'name' | 'title'>;

const KINDS: Record<string, string> = {
  quip: 'canvas',
  canvas: 'canvas',
  docs: 'canvas',
  space: 'post',
  post: 'post',
  email: 'email',
  list: 'list',
  huddle_transcript: 'huddle_transcript',
  snippet: 'snippet',
  hosted: 'file',
};

const ENDING = /\.(?=[a-z0-9]*[a-z])([a-z0-9]{1,10})$/i;

const SNIPPETS: Record<string, string> = {
  ...{
    text: 'txt',
    markdown: 'md',
    javascript: 'js',
    typescript: 'ts',
    python: 'py',
    ruby: 'rb',
    shell: 'sh',
  },
  ...{ csharp: 'cs', kotlin: 'kt', rust: 'rs', perl: 'pl', powershell: 'ps1', latex: 'tex', yaml: 'yaml' },
  ...{ haskell: 'hs', erlang: 'erl', matlab: 'm', objc: 'm', fsharp: 'fs', coffeescript: 'coffee' },
  ...{ clojure: 'clj', dockerfile: 'txt', plain_text: 'txt', auto: 'txt', binary: 'txt' },
};

export function recognised(said: Names, file: Described): Names {
  const kind = kindOf(file);
  if (kind === 'snippet') return { ...said, name: snippetName(said, file.filetype) };
  if (kind === 'file') return said;
  const title = said.title === null ? null : decodeSlackText(said.title);
  const name = said.name === null ? null : decodeSlackText(said.name);
  const telling = [title, name].find(isTelling);
  return { name: telling ?? (title === null && name === null ? null : 'Untitled'), title: title ?? name };
}

function snippetName(said: Names, type: string | null) {
  const { name } = said;
  const title = said.title === null ? null : decodeSlackText(said.title);
  const stem = name?.replace(ENDING, '') ?? null;
  if (isTelling(stem)) return name;
  const ending = ENDING.exec(name ?? '')?.[1] ?? snippetEnding(type);
  if (title === null || !isTelling(title.replace(ENDING, ''))) return `Snippet.${ending}`;
  return ENDING.test(title) ? title : `${title}.${ending}`;
}

function isTelling(text: string | null): text is string {
  return text !== null && /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text);
}

function snippetEnding(type: string | null): string {
  const word = type?.toLowerCase() ?? 'text';
  if (Object.hasOwn(SNIPPETS, word)) return SNIPPETS[word] as string;
  return /^[a-z0-9]{1,10}$/.test(word) ? word : 'txt';
}

function kindOf({ mode, filetype }: Described): string {
  return known(mode) ?? known(filetype) ?? 'file';
}

function known(word: string | null): string | undefined {
  return word && Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
}
