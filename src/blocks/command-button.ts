import type { Button } from '@slack/types';
import { encodeButtonValue } from './kit/button-value.ts';
import { button } from './kit/elements.ts';

/** A command with its words, and what stands on its button (plain). */
export interface CommandButton {
  name: string;
  text: string;
  button: string;
}

/** A button that runs a command where it is clicked. Words that are too long for it are left out. */
export function runButton({ name, text, button: shown }: CommandButton, label = shown): Button {
  const value = encodeButtonValue(text) ?? encodeButtonValue('') ?? '';
  // Two buttons of a row need different ids.
  return button({ actionId: `run_${name}`, text: shown, label, value });
}
