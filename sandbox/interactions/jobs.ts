import type { Hand } from './hand.ts';

export interface Job {
  name: string;
  /** Interactions that it may take. */
  limit: number;
  who: 'anna' | 'carla';
  /** What is on the screen before the job begins; not counted. */
  before?: (hand: Hand) => Promise<unknown>;
  does: (hand: Hand) => Promise<unknown>;
}

const LIST = (hand: Hand) => hand.sends('/vault list');

/** What people do most, step by step, and how many interactions each may take. Names are those of `stage.ts`. */
export const JOBS: Job[] = [
  {
    ...{ name: 'See a channel’s files', limit: 1, who: 'anna' },
    does: async (hand) => {
      await LIST(hand);
      await hand.file('Release plan.pptx').waitFor();
    },
  },
  {
    ...{ name: 'Download from a list', limit: 2, who: 'anna', before: LIST },
    does: (hand) => download(hand, 'Release plan.pptx'),
  },
  {
    ...{ name: 'Download by name', limit: 2, who: 'anna' },
    does: async (hand) => {
      await hand.sends('/vault get Budget 2026.xlsx');
      await download(hand, 'Budget 2026.xlsx');
    },
  },
  {
    ...{ name: 'Download a PDF of half a year ago, typed', limit: 3, who: 'anna' },
    does: async (hand) => {
      await hand.sends('/vault find type:pdf handbook');
      await download(hand, 'Onboarding handbook.pdf');
    },
  },
  {
    ...{ name: 'Download a PDF of half a year ago, by menus', limit: 6, who: 'anna' },
    does: async (hand) => {
      const found = await hand.sends('/vault find');
      await hand.clicks(found.getByRole('button', { name: /^Filter/ }));
      await hand.chooses(found.getByRole('combobox', { name: /type/i }), /PDF/);
      await hand.file('Onboarding handbook.pdf').waitFor();
      await download(hand, 'Onboarding handbook.pdf');
    },
  },
  {
    ...{ name: 'Go to a file’s message', limit: 2, who: 'anna', before: LIST },
    does: (hand) => hand.menu('Release plan.pptx', /Go to message/),
  },
  {
    ...{ name: 'Delete by name', limit: 3, who: 'anna' },
    does: async (hand) => {
      const asked = await hand.sends('/vault delete Old draft.txt');
      await hand.clicks(asked.getByRole('button', { name: /Delete/ }).last());
      await trash(hand);
    },
  },
  {
    ...{ name: 'Delete from a list', limit: 3, who: 'anna', before: LIST },
    does: async (hand) => {
      await hand.menu('Minutes.txt', /Delete/);
      await trash(hand);
    },
  },
  {
    ...{ name: 'Undo a deletion', limit: 1, who: 'anna' },
    before: async (hand) => {
      await LIST(hand);
      await hand.menu('Seating plan.txt', /Delete/);
      await trash(hand);
    },
    does: (hand) => hand.clicks(hand.window.getByRole('button', { name: /Undo.*Seating/ })),
  },
  {
    ...{ name: 'Restore from the trash', limit: 2, who: 'anna' },
    does: async (hand) => {
      const found = await hand.sends('/vault trash');
      const first = found.getByRole('button', { name: /^Restore / }).first();
      const name = (await first.getAttribute('aria-label'))?.replace(/^Restore (.+) from the trash$/, '$1');
      await hand.clicks(first);
      await hand.answer.getByText(`Restored ${name}`).waitFor();
    },
  },
  {
    ...{ name: 'Upload a file', limit: 4, who: 'anna' },
    does: async (hand) => {
      await hand.opens('/vault upload', /Upload/);
      await hand.picks('Contract.txt', 'A contract.');
      await hand.submits();
      // At once, as people do: Slack does not know the file for a second.
      await hand.window.getByText(/as soon as it is saved/).waitFor();
    },
  },
  {
    ...{ name: 'Put one file on hold', limit: 4, who: 'carla' },
    does: async (hand) => {
      await LIST(hand);
      await hand.menu('Release plan.pptx', /hold/i);
      await hand.window.getByLabel(/Why/).fill('For the auditor');
      await hand.submits();
    },
  },
  {
    ...{ name: 'See who took a file', limit: 2, who: 'carla' },
    does: async (hand) => {
      const log = await hand.sends('/vault audit Budget 2026.xlsx');
      await log
        .getByText(/Anna Keller · downloaded/i)
        .first()
        .waitFor();
    },
  },
];

/** The file's Download; where that is not the link itself, then the link in the window that opens. */
async function download(hand: Hand, name: string): Promise<void> {
  const button = hand.button(name, 'Download');
  await button.waitFor();
  const isLink = (await button.getAttribute('href')) !== null;
  await hand.clicks(button);
  if (!isLink) await hand.clicks(hand.window.getByRole('link', { name: `Download ${name}` }));
}

/** The last step before a file goes to the trash. */
async function trash(hand: Hand): Promise<void> {
  await hand.clicks(hand.window.getByRole('button', { name: 'Delete', exact: true }).last());
}
