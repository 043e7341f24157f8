/** Who speaks to the computer says what is on a button, so its name for screen readers has these words (WCAG 2.5.3). */
import { expect, it } from 'vitest';
import { SCREENS } from './all-screens.ts';

interface Button {
  type: string;
  text: { text: string };
  accessibility_label: string;
}

function buttonsIn(made: unknown): Button[] {
  const found: Button[] = [];
  JSON.stringify(made, (_, value) => {
    if (value?.type === 'button') found.push(value);
    return value;
  });
  return found;
}

it.each(Object.entries(SCREENS))('%s: the labels of buttons have the words on them', (_, make) => {
  // *Filter · 2* is said as Filter.
  for (const { text, accessibility_label: label } of buttonsIn(make()))
    expect(label.toLowerCase()).toContain(text.text.replace(/…$| · \d+$/, '').toLowerCase());
});
