import { setTimeout as pause } from 'node:timers/promises';
import { openCatalog } from '../../../src/catalog/db/open.ts';
import { inTransaction } from '../../../src/catalog/db/transaction.ts';
import { putDocument } from '../../../src/catalog/postings/documents.ts';
import { mergeSegments } from '../../../src/catalog/postings/merge.ts';
import { partsOf } from '../../../src/catalog/postings/segment.ts';

/**
 * A bot that indexes and merges until it is killed: `node merging-process.ts <first> <round> <data dir> [database url]`. It says each
 * document once it is in: a new one, with a key of its own, and every third one anew, with the key of the round.
 */
const [first = '', round = '', dataDir = '', databaseUrl] = process.argv.slice(2);
const catalog = await openCatalog({ dataDir, ...(databaseUrl ? { databaseUrl } : {}) });
console.log('open');

async function merge() {
  for (;;) if (!(await mergeSegments(catalog, { now: Date.now }))) await pause(1);
}
merge();
const many = Array.from({ length: 3_000 }, (_, n) => 1_000_000 + n * 7);
for (let id = Number(first); ; id++) {
  const keys = [1, 10_000 + id, ...many];
  await inTransaction(catalog, (scope) => putDocument(scope, id, [...partsOf([keys])]));
  console.log(id);
  const again = Math.floor(id / 2);
  if (id % 3 > 0 || again === 0) continue;
  const anew = [1, 10_000 + again, 900_000 + Number(round)];
  await inTransaction(catalog, (scope) => putDocument(scope, again, [...partsOf([anew])]));
  console.log(-again);
}
