import { sql } from 'kysely';
import { likePattern } from '../db/dialect.ts';
import type { FileRecord, Scope } from '../db/schema.ts';
import { foldFile } from '../derived/fold.ts';
import { touchWarnings } from '../governance/leaving-told.ts';
import { tellEverything } from '../journal/journal.ts';
import type { FileRef } from '../model.ts';
import { tableOf } from '../search/candidates.ts';
import { wordPieces } from '../search/index-terms.ts';
import { filesMaybeWith } from '../search/word-index.ts';
import { wantWipe } from './wipe.ts';
import { dropWord } from './words-left.ts';

/** What happens to a file's name when the file is removed for good. */
export const FORGET = { no: 0, ordered: 1, done: 2 } as const;

/** What else an audit entry may hold: it neither names the file nor quotes it. */
const KEPT = [
  ...['bytes', 'sha256', 'proof', 'purgeAt', 'minutes', 'why', 'reason', 'code', 'version', 'forget'],
  ...['result', 'signature', 'found'],
];

/** What a person typed may quote a name: a reason is kept where it is one of our own words. */
const TYPED_REASON = ['released', 'hold_set', 'hold_lifted'];
const isKept = (action: string, part: string) =>
  KEPT.includes(part) && !(part === 'reason' && TYPED_REASON.includes(action));

/**
 * Forgets a file's name, in the transaction that ends its removal: also in its messages, in the audit log, and in the
 * journal, which is told again so that the older segments go. That the file was there, its size and who did what
 * stay. Returns what changes in its record.
 */
export async function forgetName(scope: Scope, file: FileRecord, now: number): Promise<Partial<FileRecord>> {
  const { teamId, fileId } = file;
  await forgetInMessages(scope, file, now);
  if (file.warnedDay !== null)
    await touchWarnings(scope, teamId, file.uploaderId ?? '', file.warnedDay, now, 0);
  await forgetInAudit(scope, file);
  await forgetTypedWords(scope, teamId);
  await forgetInMemos(scope, file);
  // That of a wider hold stays: it is about other files, too. The form and docs/privacy.md say so.
  await sql`update hold set reason = '' where team_id = ${teamId} and file_id = ${fileId}`.execute(scope.db);
  await sql`update file_version set object_key = '' where team_id = ${teamId} and file_id = ${fileId}`.execute(
    scope.db,
  );
  await forgetWords(scope, file);
  await tellEverything(scope, { again: true });
  await wantWipe(scope, now);
  const nameless = { name: null, title: null };
  const unknown = { url: null, externalUrl: null, permalink: null };
  return {
    ...nameless,
    ...unknown,
    folded: foldFile(nameless),
    facts: '{}',
    objectKey: null,
    errorText: null,
    forget: FORGET.done,
  };
}

/** Notices that hold a file's name. */
const NAMING = ['stored', 'not_kept', 'trashed', 'restored', 'expired', 'infected'] as const;

/** Our messages that name it are edited, as far as Slack still allows it. */
async function forgetInMessages({ db }: Scope, { teamId, fileId }: FileRef, now: number): Promise<void> {
  const posts = await db
    .selectFrom('notice')
    .innerJoin('post', 'post.id', 'notice.postId')
    .select('post.id')
    .distinct()
    .where('post.teamId', '=', teamId)
    .where('notice.fileId', '=', fileId)
    // Cards name it only in Slack: they are drawn with the name that it has.
    .where('notice.kind', 'in', [...NAMING, 'card', 'gift'])
    .orderBy('post.id')
    .execute();
  const uploads = await forgetInUploads({ db }, { teamId, fileId });
  const ids = [...new Set([...posts.map(({ id }) => id), ...uploads])];
  if (ids.length === 0) return;
  await db
    .updateTable('notice')
    .set({ name: null })
    .where('postId', 'in', ids)
    .where('fileId', '=', fileId)
    .where('kind', 'in', NAMING)
    .execute();
  await db
    .updateTable('post')
    .set({ version: sql`version + 1`, dueAt: sql`coalesce(due_at, ${now})` })
    .where('id', 'in', ids)
    .where('manner', '=', 'message')
    .where('droppedCode', 'is', null)
    .execute();
}

/** Messages about uploads name all files of the upload. Returns the posts that change. */
async function forgetInUploads(
  { db }: Pick<Scope, 'db'>,
  { teamId, fileId }: FileRef,
): Promise<Array<number>> {
  // By their topic, as the index has it.
  const { rows } = await sql<{ id: number; postId: number; name: string }>`
    select n.id, n.post_id, n.name from post p join notice n on n.post_id = p.id
    where p.team_id = ${teamId} and p.topic >= 'upload ' and p.topic < 'upload!' and n.kind = 'upload'
      and n.name like ${likePattern(`"${fileId}"`)} escape '\\' order by n.id`.execute(db);
  for (const { id, name } of rows) {
    const files = (JSON.parse(name) as Array<{ fileId: string; name: string | null }>).map((file) =>
      file.fileId === fileId ? { ...file, name: null } : file,
    );
    await db
      .updateTable('notice')
      .set({ name: JSON.stringify(files) })
      .where('id', '=', id)
      .execute();
  }
  return rows.map(({ postId }) => postId);
}

/**
 * Older versions wrote down what somebody typed to look through the audit log, or to export it: a name, maybe, and of
 * any file. It goes from all such entries; that somebody looked stays.
 */
async function forgetTypedWords({ db }: Scope, teamId: string): Promise<void> {
  const isTyped = sql<boolean>`(detail like '%"query":%' or detail like '%"text":%')`;
  const entries = await db
    .selectFrom('audit')
    .select(['id', 'detail'])
    .where('teamId', '=', teamId)
    .where('action', 'in', ['looked', 'exported'])
    .where(isTyped)
    .execute();
  for (const { id, detail } of entries) {
    const { query, ...rest } = JSON.parse(detail) as { query?: string; filter?: object };
    const kept = { ...rest, ...(rest.filter === undefined ? {} : { filter: withoutText(rest.filter) }) };
    await db
      .updateTable('audit')
      .set({ detail: JSON.stringify(kept) })
      .where('id', '=', id)
      .execute();
  }
  const jobs = await db
    .selectFrom('exportJob')
    .select(['id', 'filter'])
    .where('teamId', '=', teamId)
    .where('kind', '=', 'audit')
    .where('filter', 'like', '%"text":%')
    .execute();
  for (const { id, filter } of jobs) {
    const kept = JSON.stringify(withoutText(JSON.parse(filter)));
    await db.updateTable('exportJob').set({ filter: kept }).where('id', '=', id).execute();
  }
}

function withoutText({ text, ...filter }: { text?: unknown }): object {
  return filter;
}

/** Work that goes through the bucket remembers keys of objects: where it stands, and what was wrong. */
async function forgetInMemos({ db }: Scope, { teamId, fileId, objectKey }: FileRecord): Promise<void> {
  const older = await db
    .selectFrom('fileVersion')
    .select('objectKey')
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .execute();
  const keys = [objectKey ?? '', ...older.map((version) => version.objectKey)].filter((key) => key !== '');
  if (keys.length === 0) return;
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  for (const { name, memo } of await db.selectFrom('chore').select(['name', 'memo']).execute()) {
    const kept = keys.reduce(
      // In the order of keys, a folder comes just before its objects: what goes on from there leaves nothing out.
      (text, key) => text.replaceAll(inJson(key), inJson(key.slice(0, key.lastIndexOf('/') + 1))),
      memo,
    );
    if (kept !== memo) await db.updateTable('chore').set({ memo: kept }).where('name', '=', name).execute();
  }
}

async function forgetInAudit({ db }: Scope, { teamId, fileId }: FileRef): Promise<void> {
  const entries = await db
    .selectFrom('audit')
    .select(['id', 'action', 'detail'])
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .execute();
  for (const { id, action, detail } of entries) {
    const all = Object.entries(JSON.parse(detail) as Record<string, unknown>);
    const kept = JSON.stringify(Object.fromEntries(all.filter(([part]) => isKept(action, part))));
    if (kept !== detail) await db.updateTable('audit').set({ detail: kept }).where('id', '=', id).execute();
  }
}

/** Words for correcting typing mistakes: words that no other name has are removed. Those of names from before go later (wipe.ts). */
async function forgetWords(scope: Scope, { id, folded }: FileRecord): Promise<void> {
  const { db, kind } = scope;
  for (const word of new Set(wordPieces(folded))) {
    const others = filesMaybeWith(kind, [[word]]);
    if (others === undefined) continue;
    const { rows } = await sql`select 1 from ${tableOf(others)} o join file f on f.id = o.id
      where f.id <> ${id} and f.folded like ${likePattern(word)} escape '\\' limit 1`.execute(db);
    if (rows.length === 0) await dropWord(scope, word);
  }
}
