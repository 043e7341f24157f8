/** What people read when a file is shared in a channel, given to somebody, or uploaded. */
import { count } from './wording.ts';

export const share = {
  title: 'Share',
  submit: 'Share',
  /** `channel` is a link; null while none is chosen. */
  own: (channel: string | null) =>
    `*Share in ${channel ?? 'a channel'}?* Members can then open it. If the channel is public, everybody in the workspace can, too.`,
  others: (channel: string | null) =>
    `*Post a card in ${channel ?? 'a channel'}?* Everybody there sees the name, the size and who uploaded it. Only people who may open the file can open it.`,
  /** Plain: the questions before one click. */
  ownTitle: (channel: string) => `Share in #${channel}?`,
  ownTitleHere: 'Share in this channel?',
  ownText: 'Members can then open it.',
  /** The channel is public. */
  ownTextPublic: 'Members can then open it. The channel is public: everybody in the workspace can, too.',
  cardTitle: 'Post a card in this channel?',
  cardQuestion: (plainName: string) =>
    `Everybody here will see that ${plainName} exists, its size and who uploaded it. Only people who may open the file can open it.`,
  cardConfirm: 'Post it',
  cancel: 'Cancel',
  channel: 'Channel',
  person: 'Or one person',
  personHint: 'They can then open it, until you take it back.',
  opened: '*You shared it here before*',
  /** To an admin. */
  openedByOthers: '*It was shared here*',
  openedElsewhere: (n: number) => `…and in ${count(n, 'place')} that you can’t see`,
  openTo: (where: string) => `• ${where}`,
  takeBack: 'Take back',
  /** Plain. */
  takeBackLabel: 'Take back: close the file here again',
  shared: (name: string, channel: string) => `Shared ${name} in ${channel}. Members can now open it.`,
  sharedPublic: 'The channel is public: everybody in the workspace can, too.',
  sharedBefore: (name: string, channel: string) => `${name} is already shared in ${channel}.`,
  posted: (name: string, channel: string) => `Posted a card of ${name} in ${channel}.`,
  postedHint: 'It opens the file to nobody new.',
  /** While Slack does not take the message. */
  willPost: (name: string, channel: string) => `The card of ${name} will soon be in ${channel}.`,
  cardFollows: 'The message in the channel follows soon.',
  /** Later, in a direct message. */
  refused: (name: string, channel: string) =>
    `Slack does not let me post in ${channel}, so ${name} was not shared there.`,
  giftNotTold: (name: string) =>
    `Slack does not let me write to the person you shared ${name} with, so it was not shared with them.`,
  given: (name: string, person: string) => `${person} can now open ${name}.`,
  givenBefore: (name: string, person: string) => `${person} could already open ${name}.`,
  back: (name: string, where: string) =>
    `Taken back: ${where} can’t open ${name} any more, unless it is shared there in another way.`,
  inChannel: (channel: string) => `people in ${channel}`,
  none: 'Choose a channel or a person.',
  /** What the bot posts in the channel. */
  cardOwn: (person: string) => `${person} shared this. Everybody here can open it.`,
  cardOthers: (person: string) => `${person} posted this. Only people who may open the file can open it.`,
  cardBack: 'This was taken back. Only people who may open the file can open it.',
  cardText: (person: string, name: string) => `${person} shared ${name}`,
  /** What a person gets in a direct message. */
  gift: (person: string, name: string) => `${person} shared ${name} with you.`,
  giftBack: (person: string, name: string) => `${person} shared ${name} with you. It was taken back.`,
  giftHint: 'Only you and the people who could see it before can open it.',
};

export const uploads = {
  go: (names: string, channel: string) =>
    `${names}\nMembers of ${channel} can open this as soon as it is saved.`,
  goPublic: (names: string, channel: string) =>
    `${names}\nEverybody in the workspace can open this as soon as it is saved: ${channel} is public.`,
  goPrivate: (names: string) =>
    `${names}\nOnly you can open this. To let somebody else, choose Share in its details.`,
  goHint: 'A direct message says when it is saved.',
  forYou: 'for you alone',
  forChannel: (channel: string) => `for ${channel}`,
  saved: (files: string, size: string, where: string) => `Saved ${files} · ${size} · ${where}`,
  waiting: (files: string, where: string) => `Saving ${files} · ${where}`,
  none: (where: string) => `Nothing was saved · ${where}`,
  notSaved: (name: string, why: string) => `Not saved: ${name} (${why})`,
  notYet: (name: string, why: string) => `Not saved yet, but I keep trying: ${name} (${why})`,
  /** Why, for a file that never reached the bot. */
  lost: 'it did not reach me, please upload it again',
};
