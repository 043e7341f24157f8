/** Reads what a bot's `/metrics` tells, and runs Prometheus' own tool on it. */
import { spawnSync } from 'node:child_process';

export interface Series {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export async function metricsText(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  return answer.text();
}

/**
 * Parses Prometheus' text format, as far as the vault writes it (no escaped quotes in labels). Source:
 * prometheus.io/docs/instrumenting/exposition_formats.
 */
export function parseMetrics(text: string): Series[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] =
        /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, said]) => [key, said]);
      return { name, labels: Object.fromEntries(pairs), value: Number(value.replace('Nan', 'NaN')) };
    });
}

export async function scrape(port: number): Promise<Series[]> {
  return parseMetrics(await metricsText(port));
}

/** The value of the one series with this name and these labels; undefined when there is none. */
export function readingOf(
  all: Series[],
  name: string,
  labels: Record<string, string> = {},
): number | undefined {
  return all.find(
    (one) => one.name === name && Object.entries(labels).every(([key, said]) => one.labels[key] === said),
  )?.value;
}

/** The names and help texts, as `# HELP` and `# TYPE` say them. */
export function describedIn(text: string): Array<{ name: string; help: string; type: string }> {
  return [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\w+)$/gm)].map(
    ([, name = '', help = '', type = '']) => ({
      name,
      help,
      type,
    }),
  );
}

/** True where Prometheus' own tool is installed (Debian: `prometheus`). CI has it. */
export const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

/** Runs promtool; what it says and its exit code. */
export function promtool(args: string[], input = ''): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}
