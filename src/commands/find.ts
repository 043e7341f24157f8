import { filesScreen } from '../edge/files-page.ts';
import type { Command } from './command.ts';

export const find: Command = {
  name: 'find',
  aliases: ['search', 'lookup', 'locate', 'seek'],
  alone: ['look', 'where', 'query'],
  usage: 'find <words>',
  summary: 'Find a file anywhere',
  examples: [
    { type: '/vault find budget', means: '“budget” in the name, also when mistyped' },
    { type: '/vault find "year end" -draft', means: 'these words together, without “draft”' },
    { type: '/vault find report* *.pdf', means: 'names like these; a star is any text' },
    {
      type: '/vault find type:images',
      means: 'also videos, audio, docs, sheets, slides, archives, emails, code, pdf',
    },
    { type: '/vault find from:me', means: 'or mine; @anna for somebody else' },
    { type: '/vault find in:#design', means: 'only this channel' },
    {
      type: '/vault find last week',
      means: 'also today, on:2026-11-03, on:2026-11, before:…, after:…, older than 6 months',
    },
    { type: '/vault find larger than 10 MB', means: 'or size:>10mb' },
  ],
  button: 'Find files',
  async run(vault, { userId, text, reply }) {
    await reply(await filesScreen(vault, { userId, channelId: '', query: text }));
  },
};
