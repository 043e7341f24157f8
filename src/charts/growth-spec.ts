import type { NumericValueRef, Spec } from 'vega';
import type { GrowthMonth } from './growth.ts';

type Marks = NonNullable<Spec['marks']>;

/** Drawn at this size with twice as many pixels. A phone shows it at about half the size, so letters are large. */
const WIDTH = 720;
const HEIGHT = 400;
const MARGIN = { left: 118, right: 28, top: 76, bottom: 84 };

/** The colors have good contrast on white and differ also in lightness. */
const COLORS = { before: '#9db8d9', added: '#1f5fa8', text: '#3c4257', grid: '#e3e6ec', edge: '#d5d9e2' };
const FONT = 'Inter';
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/**
 * The picture of a vault's growth: a bar for each month. What was there before is below, what was added is on top. The
 * background is white, so that it looks the same on light and dark screens.
 */
export function growthSpec(months: GrowthMonth[]): Spec {
  const most = Math.max(1, ...months.map(({ before, added }) => before + added.bytes));
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log2(most) / 10));
  const values = months.map(({ month, before, added }, index) => ({
    label: labelOf(month, index === 0 && months[1]?.month.endsWith('-01') !== true),
    month,
    before: before / 1024 ** step,
    all: (before + added.bytes) / 1024 ** step,
  }));
  const text = { font: { value: FONT }, fontSize: { value: 22 }, fill: { value: COLORS.text } };
  const bar = (name: string, from: NumericValueRef, to: NumericValueRef, color: string): Marks => [
    {
      name,
      type: 'rect',
      from: { data: 'months' },
      encode: {
        enter: {
          x: { scale: 'x', field: 'month' },
          width: { scale: 'x', band: 1 },
          y: { ...to, scale: 'y' },
          y2: { ...from, scale: 'y' },
          fill: { value: color },
        },
      },
    },
  ];
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    width: WIDTH - MARGIN.left - MARGIN.right,
    height: HEIGHT - MARGIN.top - MARGIN.bottom,
    padding: MARGIN,
    autosize: 'none',
    background: 'transparent',
    data: [{ name: 'months', values }],
    scales: [
      {
        name: 'x',
        type: 'band',
        domain: { data: 'months', field: 'month' },
        range: 'width',
        paddingInner: 0.3,
        paddingOuter: 0.15,
      },
      {
        name: 'y',
        domain: { data: 'months', field: 'all' },
        domainMin: 0,
        range: 'height',
        nice: 4,
        zero: true,
      },
      { name: 'label', type: 'ordinal', domain: values.map(({ month }) => month), range: labels(values) },
    ],
    marks: [
      {
        type: 'rect',
        encode: {
          enter: {
            x: { value: 1 - MARGIN.left },
            y: { value: 1 - MARGIN.top },
            width: { value: WIDTH - 2 },
            height: { value: HEIGHT - 2 },
            fill: { value: '#ffffff' },
            stroke: { value: COLORS.edge },
            strokeWidth: { value: 2 },
            cornerRadius: { value: 16 },
          },
        },
      },
      {
        type: 'group',
        encode: { enter: { width: { signal: 'width' }, height: { signal: 'height' } } },
        axes: [
          {
            orient: 'left',
            scale: 'y',
            tickCount: 4,
            domain: false,
            ticks: false,
            grid: true,
            gridColor: COLORS.grid,
            gridWidth: 2,
            labelFont: FONT,
            labelFontSize: 22,
            labelColor: COLORS.text,
            labelPadding: 12,
            encode: {
              labels: { update: { text: { signal: `format(datum.value, ',~r') + ' ${UNITS[step]}'` } } },
            },
          },
          {
            orient: 'bottom',
            scale: 'x',
            domainColor: COLORS.edge,
            domainWidth: 2,
            ticks: false,
            labelFont: FONT,
            labelFontSize: 22,
            labelColor: COLORS.text,
            labelPadding: 10,
            labelLineHeight: 26,
            encode: {
              labels: { update: { text: { signal: `split(scale('label', datum.value), '|')` } } },
            },
          },
        ],
        marks: [
          ...bar('before', { value: 0 }, { field: 'before' }, COLORS.before),
          ...bar('added', { field: 'before' }, { field: 'all' }, COLORS.added),
          ...legend('added in the month', 0, COLORS.added, text),
          ...legend('there before', 260, COLORS.before, text),
        ],
      },
    ],
  };
}

function legend(words: string, x: number, color: string, text: object): Marks {
  const box = { y: { value: -46 }, width: { value: 22 }, height: { value: 22 }, cornerRadius: { value: 5 } };
  return [
    { type: 'rect', encode: { enter: { ...box, x: { value: x }, fill: { value: color } } } },
    {
      type: 'text',
      encode: {
        enter: {
          ...text,
          x: { value: x + 34 },
          y: { value: -34 },
          baseline: { value: 'middle' },
          text: { value: words },
        },
      },
    },
  ];
}

function labels(values: Array<{ label: string }>): string[] {
  return values.map(({ label }) => label);
}

/** `Nov`. In January, and with `withYear`, the year follows after a `|` and is shown below. */
function labelOf(month: string, withYear: boolean): string {
  const short = new Date(`${month}-01T00:00Z`).toLocaleDateString('en-US', {
    month: 'short',
    timeZone: 'UTC',
  });
  return withYear || month.endsWith('-01') ? `${short}|${month.slice(0, 4)}` : short;
}
