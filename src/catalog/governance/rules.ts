import { type RawBuilder, sql } from 'kysely';
import type { TextMode } from '../../text-modes.ts';
import { jsonTable } from '../db/dialect.ts';
import { prepared } from '../db/prepared.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import type { RuleTable } from '../db/schema-govern.ts';
import { inTransaction } from '../db/transaction.ts';
import type { ConfirmMode, FileRef } from '../model.ts';
import { addNotice } from '../notices/notices.ts';
import { targetOfRules } from '../notices/targets.ts';
import { goThroughAgain } from '../reading/start.ts';
import { recordAudit } from './audit.ts';
import type { DefaultRules, Overrides, Rules } from './rule-model.ts';

export const NO_OVERRIDES: Overrides = {
  capture: null,
  confirm: null,
  excludeTypes: null,
  maxFileBytes: null,
  retentionDays: null,
  onSlackDelete: null,
};

/** A channel's rules: the defaults, changed by its own rules. */
export function applyRules(defaults: DefaultRules, own: Overrides = NO_OVERRIDES): Rules {
  return {
    capture: own.capture ?? true,
    confirm: own.confirm ?? defaults.confirm,
    excludeTypes: own.excludeTypes === null ? defaults.excludeTypes : new Set(own.excludeTypes),
    maxFileBytes: own.maxFileBytes ?? defaults.maxFileBytes,
    retentionDays: own.retentionDays ?? defaults.retentionDays,
    onSlackDelete: own.onSlackDelete ?? defaults.onSlackDelete,
    ...(own.tellExcluded === undefined ? {} : { tellExcluded: own.tellExcluded }),
    ...(own.mayKeep === undefined ? {} : { mayKeep: own.mayKeep }),
    ...externalIn(defaults, own),
    ...textIn(defaults, own),
  };
}

function externalIn(defaults: DefaultRules, own: Overrides): Pick<Rules, 'external'> {
  const external = own.external ?? defaults.external;
  return external === undefined ? {} : { external };
}

function textIn(defaults: DefaultRules, own: Overrides): Pick<Rules, 'text'> {
  const text = own.text ?? defaults.text;
  return text === undefined ? {} : { text };
}

/** The channels where something else is kept and searched besides names than everywhere. */
export async function ownTexts({ db }: Scope, teamId: string): Promise<ReadonlyMap<string, TextMode>> {
  const { rows } = await sql<{ channelId: string; text: TextMode }>`
    select channel_id, text from rule where team_id = ${teamId} and text is not null`.execute(db);
  return new Map(rows.map(({ channelId, text }) => [channelId, text]));
}

/** The channels among these that have their own rules. */
export async function overridesAmong(
  scope: Scope,
  teamId: string,
  channelIds: Iterable<string>,
): Promise<Map<string, Overrides>> {
  const wanted = [...new Set(channelIds)];
  if (wanted.length === 0) return new Map();
  const rows = await rulesAmong(scope, { teamId, channelIds: JSON.stringify(wanted) });
  return new Map(rows.map((row) => [row.channelId, toOverrides(row)]));
}

const rulesAmong = prepared(
  ({ kind }: Scope, { teamId, channelIds }: { teamId: string; channelIds: string }) => sql<RuleTable>`
    select r.* from ${jsonTable(kind, channelIds)} ids
    cross join rule r where r.team_id = ${teamId} and r.channel_id = ids.id`,
);

/** The own rules of each channel that a file was shared in; all null where a channel has none. */
export async function overridesOfFile(scope: Scope, { teamId, fileId }: FileRef): Promise<Overrides[]> {
  return (await rulesOfPlaces(scope, { teamId, fileId })).map(toOverrides);
}

const rulesOfPlaces = prepared(
  (_: Scope, { teamId, fileId }: FileRef) => sql<OverrideColumns>`
    select r.capture, r.confirm, r.exclude_types, r.max_file_bytes, r.retention_days, r.on_slack_delete,
      r.tell_excluded, r.may_keep, r.bookmark, r.external, r.text
    from (select distinct team_id, channel_id from share where team_id = ${teamId} and file_id = ${fileId}) c
    left join rule r on r.team_id = c.team_id and r.channel_id = c.channel_id`,
);

/** The rules of each of these channels. */
export async function rulesOf(
  scope: Scope,
  teamId: string,
  channelIds: Iterable<string>,
  defaults: DefaultRules,
): Promise<Map<string, Rules>> {
  const wanted = [...channelIds];
  const own = await overridesAmong(scope, teamId, wanted);
  return new Map(wanted.map((channelId) => [channelId, applyRules(defaults, own.get(channelId))]));
}

/** A channel's own rules, and who changed them last. */
export async function overridesOf(
  { db }: Scope,
  teamId: string,
  channelId: string,
): Promise<{ own: Overrides; changedBy: string | null; changedAt: number | null }> {
  const row = await db
    .selectFrom('rule')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('channelId', '=', channelId)
    .executeTakeFirst();
  return row
    ? { own: toOverrides(row), changedBy: row.changedBy, changedAt: row.changedAt }
    : { own: NO_OVERRIDES, changedBy: null, changedAt: null };
}

/**
 * How a file's storing is told in its channel, null for the default; and whether the channel is told that a file was
 * left out for its type.
 */
export async function confirmIn(
  scope: Scope,
  teamId: string,
  channelId: string,
): Promise<{ confirm: ConfirmMode | null; tellExcluded: boolean }> {
  const [rule] = await confirmRule(scope, { teamId, channelId });
  return { confirm: rule?.confirm ?? null, tellExcluded: rule?.tellExcluded !== 0 };
}

const confirmRule = prepared(({ db }: Scope, { teamId, channelId }: { teamId: string; channelId: string }) =>
  db
    .selectFrom('rule')
    .select(['confirm', 'tellExcluded'])
    .where('teamId', '=', teamId)
    .where('channelId', '=', channelId),
);

/**
 * Changes a channel's own rules. Audited, and told in the channel. Returns what differs from before, or `{}` when
 * nothing does; then nothing is written.
 */
export async function saveOverrides(
  catalog: Catalog,
  o: { teamId: string; channelId: string; own: Overrides; actorId: string; now: number },
): Promise<Partial<Overrides>> {
  const { teamId, channelId, own, actorId, now } = o;
  return inTransaction(catalog, async (scope) => {
    const before = await overridesOf(scope, teamId, channelId);
    const changes = differences(before.own, own);
    if (Object.keys(changes).length === 0) return changes;
    const columns = { ...toColumns(own), changedBy: actorId, changedAt: now };
    await scope.db
      .insertInto('rule')
      .values({ teamId, channelId, ...columns })
      .onConflict((conflict) => conflict.columns(['teamId', 'channelId']).doUpdateSet(columns))
      .execute();
    if (changes.text !== undefined) await goThroughAgain(scope);
    const detail = { changes, before: pick(before.own, changes) };
    await recordAudit(scope, { at: now, teamId, actorId, action: 'rules', fileId: null, channelId, detail });
    const notice = { kind: 'rules', actorId, changes } as const;
    await addNotice(scope, { teamId, place: targetOfRules(channelId, now), notice, now });
    return changes;
  });
}

function differences(before: Overrides, after: Overrides): Partial<Overrides> {
  const same = (name: keyof Overrides) => JSON.stringify(before[name]) === JSON.stringify(after[name]);
  const changed = Object.entries(after).filter(([name]) => !same(name as keyof Overrides));
  // Excluded files are told again, like everywhere.
  const isTold = after.tellExcluded === undefined && before.tellExcluded === false;
  const isBare = after.bookmark === undefined && before.bookmark === true;
  const isUsual = after.external === undefined && before.external !== undefined;
  const isSearched = after.text === undefined && before.text !== undefined;
  const isTaken = after.mayKeep === undefined && before.mayKeep === true;
  return {
    ...Object.fromEntries(changed),
    ...(isTold ? { tellExcluded: true } : {}),
    ...(isBare ? { bookmark: false } : {}),
    ...(isTaken ? { mayKeep: false } : {}),
    ...(isUsual ? { external: null } : {}),
    ...(isSearched ? { text: null } : {}),
  } as Partial<Overrides>;
}

function pick(own: Overrides, names: object): object {
  return Object.fromEntries(Object.entries(own).filter(([name]) => name in names));
}

type OverrideColumns = Pick<RuleTable, keyof Required<Overrides>>;

function toOverrides(row: OverrideColumns): Overrides {
  return {
    capture: row.capture === null ? null : row.capture !== 0,
    confirm: row.confirm,
    excludeTypes:
      row.excludeTypes === null ? null : row.excludeTypes.split(' ').filter((type) => type !== ''),
    maxFileBytes: row.maxFileBytes,
    retentionDays: row.retentionDays,
    onSlackDelete: row.onSlackDelete,
    ...(row.tellExcluded === null ? {} : { tellExcluded: row.tellExcluded !== 0 }),
    ...(row.bookmark === 1 ? { bookmark: true } : {}),
    ...(row.mayKeep === null ? {} : { mayKeep: row.mayKeep !== 0 }),
    ...(row.external === null ? {} : { external: row.external }),
    ...(row.text === null ? {} : { text: row.text }),
  };
}

function toColumns(own: Overrides) {
  return {
    ...own,
    capture: own.capture === null ? null : Number(own.capture),
    excludeTypes: own.excludeTypes?.join(' ') ?? null,
    tellExcluded: own.tellExcluded === undefined ? null : Number(own.tellExcluded),
    bookmark: own.bookmark ? 1 : null,
    mayKeep: own.mayKeep === undefined ? null : Number(own.mayKeep),
    external: own.external ?? null,
    text: own.text ?? null,
  };
}

/** The days after which files of the channel named by `column` go, as SQL; 0: never. */
export function retentionDaysIn(rule: string, defaultDays: number): RawBuilder<number> {
  return sql<number>`coalesce(${sql.ref(`${rule}.retention_days`)}, ${sql.lit(defaultDays)})`;
}
