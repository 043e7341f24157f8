import { readDocument } from '../body.ts';
import type { Answer, Call } from '../call.ts';
import { checkTags } from '../tags.ts';
import { document, parseDocument } from '../xml.ts';
import { findVersion, versionHeader } from './reading.ts';

export async function getObjectTagging(call: Call): Promise<Answer> {
  const version = findVersion(call);
  const Tag = Object.entries(version.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  return {
    status: 200,
    headers: versionHeader(call, version),
    body: document('Tagging', { TagSet: { Tag } }),
  };
}

export async function putObjectTagging(call: Call): Promise<Answer> {
  const version = findVersion(call);
  const given =
    parseDocument(await readDocument(call.body()), 'Tagging')
      .all('TagSet')[0]
      ?.all('Tag') ?? [];
  const tags = checkTags(given.map((tag) => [tag.text('Key') ?? '', tag.text('Value') ?? '']));
  await call.bucket().amend(call.key, version.id, { tags });
  return { status: 200, headers: versionHeader(call, version) };
}

export async function deleteObjectTagging(call: Call): Promise<Answer> {
  const version = findVersion(call);
  await call.bucket().amend(call.key, version.id, { tags: {} });
  return { status: 204, headers: versionHeader(call, version) };
}
