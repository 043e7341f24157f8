/** What the bot posts in a channel about its rules: one line each. */
import type { Overrides } from '../catalog/governance/rule-model.ts';
import { typesInWords } from './channel.ts';
import { context, type Screen, section } from './kit/elements.ts';
import { type Names, plainPerson } from './kit/mrkdwn.ts';
import { every } from './text/wording.ts';
import { bookmark as mark, outsiders, texts } from './text/wording-channel.ts';
import { ruleNews as words } from './text/wording-posts.ts';

/** More people than these are counted. */
const PEOPLE = 3;

export interface RuleNews {
  actorId: string | null;
  changes: Partial<Overrides>;
}

/**
 * What the channel is told after its rules were changed: one line for all changes, oldest first. `sign` is the name of the
 * emoji for saved files.
 */
export function rulesMessage(o: { news: RuleNews[]; names: Names; sign: string }): Screen {
  const { news, names, sign } = o;
  const people = [...new Set(news.map(({ actorId }) => plainPerson(actorId, names)))];
  const who = people.length > PEOPLE ? words.people(people.length) : every(people);
  const changes: Partial<Overrides> = Object.assign({}, ...news.map((one) => one.changes));
  const text = words.title(who, changesInWords(changes, `:${sign}:`).join(', ') || words.same);
  return { text, blocks: [section(text)] };
}

function changesInWords(changes: Partial<Overrides>, sign: string): string[] {
  const { capture, confirm, excludeTypes, maxFileBytes, retentionDays, onSlackDelete, tellExcluded } =
    changes;
  const { bookmark, mayKeep, external, text } = changes;
  return [
    capture === undefined ? '' : words.capture(capture),
    confirm === undefined ? '' : words.confirm(confirm, sign),
    excludeTypes === undefined ? '' : words.types(excludeTypes, typesInWords(excludeTypes ?? [])),
    tellExcluded === undefined ? '' : words.tellExcluded(tellExcluded),
    maxFileBytes === undefined ? '' : words.largest(maxFileBytes),
    retentionDays === undefined ? '' : words.days(retentionDays),
    mayKeep === undefined ? '' : words.mayKeep(mayKeep),
    onSlackDelete === undefined ? '' : words.slackDelete(onSlackDelete),
    external === undefined ? '' : outsiders.news(external),
    text === undefined ? '' : texts.news(text),
    bookmark === undefined ? '' : mark.news(bookmark),
  ].filter((word) => word !== '');
}

/** What the channel is told when files went to the trash because their time was over. */
export function expiryMessage({ files }: { files: number }): Screen {
  const text = words.expired(files);
  return { text, blocks: [section(text), context(words.expiredHint)] };
}
