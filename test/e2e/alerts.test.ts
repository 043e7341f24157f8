/** The alerts and the dashboard stand on what a real bot tells, and the page explains each of them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { namesAndLabels, selectedIn } from '../helpers/bot-metrics.ts';
import { describedIn, hasPromtool, metricsText, promtool } from '../helpers/metrics.ts';
import { startVault, type TestVault, until } from '../helpers/vault.ts';

const root = resolve(import.meta.dirname, '../..');
const TESTS = ['ria-vault.rules.test.yml', 'ria-vault.rules.days.test.yml'].map(
  (name) => `deploy/prometheus/${name}`,
);
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Alert {
  alert: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}
const alerts: Alert[] = parse(read('deploy/prometheus/ria-vault.rules.yml')).groups.flatMap(
  ({ rules }: { rules: Alert[] }) => rules,
);

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: unknown;
  targets?: Array<{ expr: string; datasource: unknown }>;
  fieldConfig?: { defaults: { unit?: string } };
}
const dashboard = JSON.parse(read('deploy/grafana/ria-vault.json')) as {
  id: null;
  uid: string;
  title: string;
  schemaVersion: number;
  panels: Panel[];
  templating: { list: Array<{ name: string; type: string; query: unknown }> };
};
const panels = dashboard.panels.filter(({ type }) => type !== 'row');

const page = read('docs/alerts.md');
/** The text below each heading of the page, by the anchor that GitHub makes of it. */
const sections = new Map(
  page.split(/^#{2,3} /m).map((section) => {
    const [title = '', ...text] = section.split('\n');
    return [
      title
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
      text.join('\n').trim(),
    ];
  }),
);

describe.skipIf(!hasPromtool)('Prometheus’ own tool', () => {
  it('finds nothing wrong with the rules', () => {
    const { status, said } = promtool([
      'check',
      'rules',
      join(root, 'deploy/prometheus/ria-vault.rules.yml'),
    ]);
    expect([status, said]).toEqual([0, expect.stringContaining(`${alerts.length} rules found`)]);
  });

  it.each(TESTS)('sees every alert of %s fire, and be silent when all is well', (file) => {
    const { status, said } = promtool(['test', 'rules', join(root, file)]);
    expect([status, said]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });
});

describe('the rules', () => {
  interface Tried {
    name: string;
    alert_rule_test: Array<{ alertname: string; exp_alerts: unknown[] }>;
  }
  const tests = TESTS.flatMap((file) => parse(read(file)).tests as Tried[]);

  it('each have a test in which they fire, and are looked at when all is well', () => {
    const firing = tests.flatMap((one) => one.alert_rule_test.filter((t) => t.exp_alerts.length > 0));
    const names = alerts.map(({ alert }) => alert).sort();
    expect([...new Set(firing.map(({ alertname }) => alertname))].sort()).toEqual(names);
    for (const healthy of tests.filter(({ name }) => name.startsWith('healthy'))) {
      const tried = healthy.alert_rule_test;
      expect([...new Set(tried.map(({ alertname }) => alertname))].sort()).toEqual(names);
      expect(tried.every(({ exp_alerts }) => exp_alerts.length === 0)).toBe(true);
    }
  });

  it.each(alerts.map((alert) => [alert.alert, alert] as const))(
    '%s says how bad it is, since when, what is wrong, and where to read on',
    (name, { labels, annotations, ...alert }) => {
      expect(['critical', 'warning', 'info']).toContain(labels.severity);
      expect(alert.for).toMatch(/^\d+[mhd]$/);
      expect(annotations.summary).toBeTruthy();
      expect(annotations.description).toBeTruthy();
      const anchor = name.toLowerCase();
      expect(annotations.runbook_url).toBe(`docs/alerts.md#${anchor}`);
      expect(sections.get(anchor)?.length).toBeGreaterThan(100);
    },
  );
});

describe('the dashboard', () => {
  it('can be imported: each panel has an id, a place of its own, a unit, and the chosen data source', () => {
    expect(dashboard).toMatchObject({ id: null, uid: 'ria-vault', title: 'RIA Vault' });
    expect(dashboard.schemaVersion).toBeGreaterThan(30);
    expect(dashboard.templating.list[0]).toMatchObject({
      name: 'datasource',
      type: 'datasource',
      query: 'prometheus',
    });
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(cells.every((cell) => Number(cell.split(' ')[0]) < 24)).toBe(true);
    const chosen = { type: 'prometheus', uid: `\${datasource}` };
    for (const { datasource, targets = [], fieldConfig } of panels) {
      expect(datasource).toEqual(chosen);
      expect(targets.length).toBeGreaterThan(0);
      for (const target of targets) expect(target.datasource).toEqual(chosen);
      expect(fieldConfig?.defaults.unit).toBeTruthy();
    }
  });

  it.skipIf(!hasPromtool)('has expressions that Prometheus understands', () => {
    const exprs = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const rules = exprs.map((expr, i) => ({
      record: `panel:${i}`,
      expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$job', '.*'),
    }));
    const folder = mkdtempSync(join(tmpdir(), 'ria-vault-panels-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'panels.json');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }));
    const { status, said } = promtool(['check', 'rules', file]);
    expect([status, said]).toEqual([0, expect.stringContaining(`${rules.length} rules found`)]);
  });
});

describe('what a real bot tells', () => {
  let vault: TestVault;
  let known: Map<string, Set<string>>;
  let text: string;
  beforeAll(async () => {
    // Nobody answers there; the scanner's metrics are told all the same.
    vault = await startVault({ env: { VAULT_SCAN: 'clamd://127.0.0.1:9' } });
    const bot = await vault.startBot();
    await vault.slack.as('anna').share('general', { name: 'a.txt', content: 'a' });
    await until('a confirmation', async () =>
      (await metricsText(bot.port)).includes('method="chat.postMessage",outcome="ok"} 1'),
    );
    known = await namesAndLabels(bot.port);
    // Nobody has asked the bot of this test for anything.
    known.set('vault_answers_total', new Set(['what']));
    text = await metricsText(bot.port);
  });
  afterAll(() => vault?.close());

  /** Prometheus itself adds these. */
  const added = new Set(['job', 'instance', 'le']);
  const unknownIn = (expr: string) =>
    selectedIn(expr).flatMap(({ name, labels }) => {
      if (name === 'up') return [];
      const has = known.get(name);
      if (has === undefined) return [name];
      return labels.filter(
        (label) => !added.has(label) && !isOfAnother(expr, label, name) && !has.has(label),
      );
    });
  /** In a division or a condition, `by (…)` may belong to another metric of the expression. */
  const isOfAnother = (expr: string, label: string, name: string) =>
    selectedIn(expr).some((one) => one.name !== name && known.get(one.name)?.has(label));

  it('is all that the rules ask for, by name and label', () => {
    expect(alerts.flatMap(({ expr }) => unknownIn(expr))).toEqual([]);
    expect(alerts.flatMap(({ expr }) => selectedIn(expr)).length).toBeGreaterThan(alerts.length);
  });

  it('is all that the dashboard asks for, by name and label', () => {
    const exprs = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(exprs.flatMap(unknownIn)).toEqual([]);
    expect(exprs.filter((expr) => selectedIn(expr).length === 0)).toEqual([]);
  });

  it('stands in the page’s table: every metric, its type and its labels, and no other', () => {
    const rows = [...page.matchAll(/^\| `(vault_\w+)` \| (\w+) \| ([^|]*) \|/gm)].map(
      ([, name = '', type = '', labels = '']) => ({
        name,
        type,
        labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label).sort(),
      }),
    );
    const told = describedIn(text)
      .filter(({ name }) => name.startsWith('vault_'))
      .map(({ name, type }) => {
        const labels = [...(known.get(type === 'histogram' ? `${name}_bucket` : name) ?? [])];
        return { name, type, labels: labels.filter((label) => label !== 'le').sort() };
      });
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(rows.sort(byName)).toEqual(told.sort(byName));
  });
});
