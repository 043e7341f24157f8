/** Which names and labels a bot tells, read once from a real one: the ground for tests of rules, dashboard and docs. */
import { describedIn, metricsText, parseMetrics } from './metrics.ts';

/** The labels of each name in a bot's output. Histograms are also known by their own names. */
export async function namesAndLabels(port: number): Promise<Map<string, Set<string>>> {
  const text = await metricsText(port);
  const found = new Map<string, Set<string>>(describedIn(text).map(({ name }) => [name, new Set()]));
  for (const { name, labels } of parseMetrics(text)) {
    const known = found.get(name) ?? new Set<string>();
    for (const label of Object.keys(labels)) known.add(label);
    found.set(name, known);
  }
  return found;
}

/** What PromQL names besides metrics and labels; source: prometheus.io/docs/prometheus/latest/querying. */
const WORDS = new Set(
  'sum max min avg count by without and or unless on ignoring bool absent rate increase changes time topk histogram_quantile'.split(
    ' ',
  ),
);

/** The names that an expression selects, each with the labels that it asks for or sums by. */
export function selectedIn(expr: string): Array<{ name: string; labels: string[] }> {
  const grouped = [...expr.matchAll(/\b(?:by|without|on)\s*\(([^)]*)\)/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
  const bare = expr
    .replace(/\$\w+/g, '5m')
    .replace(/"[^"]*"/g, '""')
    .replace(/\b(?:by|without|on)\s*\([^)]*\)/g, ' ');
  return [...bare.matchAll(/\b([a-z_][a-z0-9_]*)\b(?:\{([^}]*)\})?(?!\s*[(=!])/gi)]
    .filter(([, name = '']) => /_/.test(name) || name === 'up')
    .filter(([whole, name = '']) => !WORDS.has(name) && !isLabelIn(bare, whole))
    .map(([, name = '', labels = '']) => ({
      name,
      labels: [...[...labels.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label), ...grouped],
    }));
}

/** A label inside braces is no metric. */
const isLabelIn = (expr: string, word: string) => new RegExp(`[{,]\\s*${word}\\s*[=!]`).test(expr);
