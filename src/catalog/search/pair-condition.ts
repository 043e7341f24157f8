import { type RawBuilder, sql } from 'kysely';
import type { DatabaseKind } from '../db/schema.ts';
import { IDS_OF_PIECES } from '../reading/index-words.ts';
import { LARGEST_PIECE, type Probe, probeOf } from '../reading/pairs.ts';

/** Whether the row of the index of contents with this id, called `h` on PostgreSQL, may have some pairs of neighbours. */
export type MayHavePairs = (id: RawBuilder<unknown>) => RawBuilder<boolean>;

/**
 * The condition that a document may have all of these pairs of neighbours: sooner or later true for one that has not, never false for
 * one that has, nor where nothing is known. Undefined without pairs.
 */
export function mayHavePairs(kind: DatabaseKind, pairs: readonly number[]): MayHavePairs | undefined {
  if (pairs.length === 0) return undefined;
  const probes = pairs.map((pair) => probeOf(kind, pair));
  return kind === 'postgres' ? () => onPostgres(probes) : (id) => onSqlite(probes, id);
}

const all = (conditions: RawBuilder<unknown>[]) => sql.join(conditions, sql` and `);

/** PostgreSQL reads no more of a long value than the piece, as it is not packed. */
function onPostgres(probes: readonly Probe[]): RawBuilder<boolean> {
  const has = probes.map(({ piece, bits }) => {
    const set = bits.map(
      ({ byte, bit }) => sql`get_byte(piece, ${byte}::int4 % size) & ${sql.lit(1 << bit)} <> 0`,
    );
    return sql`(select ${all(set)} from (
      select size, substring(h.pairs from 1 + size * (${piece}::int4 % pieces) for size) as piece from (
        select pieces, octet_length(h.pairs) / pieces as size from (
          select (octet_length(h.pairs) + ${sql.lit(LARGEST_PIECE - 1)}) / ${sql.lit(LARGEST_PIECE)} as pieces) m) l
      offset 0) p)`;
  });
  // As a case, so that it is not taken for rarer than half: its rows are to be expected as of the words alone.
  return sql`case when h.pairs is null then true else ${all(has)} end`;
}

/** SQLite has no bytes of a value as numbers, but as letters: the place among these is what a half of one is worth. */
const HALVES = sql.lit('123456789ABCDEF');

function onSqlite(probes: readonly Probe[], id: RawBuilder<unknown>): RawBuilder<boolean> {
  const first = sql`${id} * ${sql.lit(IDS_OF_PIECES)}`;
  const lacks = probes.map(({ piece, bits }) => {
    const set = bits.map(({ byte, bit }) => {
      const letter = sql`substr(hex(substr(p.bits, 1 + ${byte} % length(p.bits), 1)), ${sql.lit(bit < 4 ? 2 : 1)}, 1)`;
      return sql`instr(${HALVES}, ${letter}) & ${sql.lit(1 << (bit % 4))}`;
    });
    return sql`not exists (select 1 from file_pairs p where p.id = a.id + ${piece} % a.pieces and ${all(set)})`;
  });
  return sql`not exists (select 1 from file_pairs a where a.id = ${first} and (${sql.join(lacks, sql` or `)}))`;
}
