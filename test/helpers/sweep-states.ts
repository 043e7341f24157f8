import type { Catalog } from '../../src/catalog/db/open.ts';

/** The state of each channel's sweeps; `errorCode`: why it cannot be swept. The row without a channel is the round. */
export async function sweepStates(
  { db }: Catalog,
  teamId: string,
): Promise<
  Array<{ channelId: string; sweptAt: number | null; isUnderWay: boolean; errorCode: string | null }>
> {
  const rows = await db
    .selectFrom('sweep')
    .select(['channelId', 'sweptAt', 'beganAt', 'errorCode'])
    .where('teamId', '=', teamId)
    .where('channelId', '<>', '')
    .orderBy('channelId')
    .execute();
  return rows.map(({ beganAt, ...row }) => ({ ...row, isUnderWay: beganAt !== null }));
}
