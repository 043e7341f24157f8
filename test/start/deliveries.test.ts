import { expect, it } from 'vitest';
import { CatalogError } from '../../src/catalog/db/errors.ts';
import { watchDeliveries } from '../../src/start/deliveries.ts';

const QUIET = { missed() {}, worked() {}, stop() {} };

/** SQLite's and PostgreSQL's own errors, as their drivers throw them. */
const full = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
const fullServer = Object.assign(new Error('could not extend file'), { code: '53100', severity: 'ERROR' });

it.each<[string, unknown, string]>([
  ['SQLite', full, 'disk_full'],
  ['PostgreSQL', fullServer, 'disk_full'],
  ['the catalog', new CatalogError('catalog_read_only', 'no'), 'catalog_read_only'],
  ['one of Bolt’s listeners', Object.assign(new Error('x'), { original: full }), 'disk_full'],
  [
    'several of Bolt’s listeners',
    Object.assign(new Error('x'), { originals: [new TypeError('odd'), full] }),
    'disk_full',
  ],
])('a delivery refused for what %s says counts until one is written', (_, error, code) => {
  const deliveries = watchDeliveries(QUIET);
  expect(deliveries.refused()).toBeUndefined();
  deliveries.missed(error);
  expect(deliveries.refused()).toBe(code);
  deliveries.worked();
  expect(deliveries.refused()).toBeUndefined();
});

it('a delivery that a defect refuses, and a process that stood still, say nothing of the catalog', () => {
  const told: string[] = [];
  const deliveries = watchDeliveries({ ...QUIET, missed: () => told.push('missed') });
  deliveries.missed(new TypeError('odd'));
  deliveries.missed();
  expect(deliveries.refused()).toBeUndefined();
  expect(told).toHaveLength(2);
});

it('is forgotten when Slack has repeated it for the last time', () => {
  let now = 0;
  const deliveries = watchDeliveries(QUIET, () => now);
  deliveries.missed(full);
  now = 6 * 60_000 - 1;
  expect(deliveries.refused()).toBeDefined();
  now += 1;
  expect(deliveries.refused()).toBeUndefined();
});
