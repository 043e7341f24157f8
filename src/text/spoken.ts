/** What somebody said to the bot: nothing that asks for anything, thanks, or what they ask for. */
export type Spoken = { kind: 'nothing' } | { kind: 'thanks' } | { kind: 'asked'; text: string };

const THANKS = words(
  'thanks thank thx thnx tnx ty tysm tyvm thankyou cheers ta danke dankeschön merci gracias grazie obrigado obrigada',
  'arigato tak tack takk kiitos bedankt dankjewel dzięki dziękuję teşekkürler спасибо ありがとう 谢谢 감사합니다',
  'ok okay okey kk great perfect nice cool awesome super wow yay lol haha bye gotcha brilliant excellent amazing np',
);
/** They mean nothing beside thanks, but could be a name by themselves. */
const BESIDE_THANKS = words(
  'you u so very much a lot many again for the your help it that this works worked good job well done bot vault ria',
  'everyone everybody all got i and dir ihnen vielen dank schön sehr beaucoup mille muchas',
);

function words(...lines: string[]): ReadonlySet<string> {
  return new Set(lines.join(' ').split(' '));
}

/** Signs and short names of emoji, which say nothing that can be searched. */
const EMOJI =
  /:[a-z0-9_+-]+:|\p{Extended_Pictographic}|\p{Emoji_Modifier}|[\u{1f1e6}-\u{1f1ff}]|\u200d|\ufe0f|\u20e3/gu;

const GREETING =
  /^(?:hi|hiya|hello|hey|heya|yo|hallo|moin|servus|hola|bonjour|ciao|dear|good (?:morning|afternoon|evening|day))(?: (?:there|ria|vault|ria[ -]vault|bot|team|all))*(?:[,!.:]+\s*|\s+|$)/i;
const POLITE = /^(?:please|pls|plz|bitte|ok(?:ay)?,|thanks[,!.]|so,|and|um|uh)[,:]?(?:\s+|$)/i;
const ASKING =
  /^(?:(?:can|could|would|will) (?:you|i|we)(?: please)?|(?:do|did) (?:you|we) (?:have|know)|(?:have|has) (?:you|we|anyone|anybody) got|i(?:'m| am) looking for|i(?:'d| would) (?:like|need)|i (?:need|want|seek)(?: to)?|we need|is there|are there|where(?:'s| is| are| can i find| do i find| did i put)|what about|how about|who has|(?:show|give|get|find|send|fetch) (?:me|us)|look(?:ing)? for|search(?:ing)? for|help me find)(?:\s+|$)/i;
const ARTICLE =
  /^((?:find|search|get|list|show) )?(?:(?:the|an?|my|our|any|some)|(?:this|that)(?! (?:week|month|year|quarter)\b)) (?=\S)/i;
const AT_THE_END = /[\s,]+(?:please|pls|plz|bitte|thanks|thank you|thx|ty|danke)[\s!.]*$/i;
const PUNCTUATION = /(?:\s*[?!？！]+|(?<=[^.])\.)$/;
const FILES = /\s+(?:files?|documents?|docs?)$/i;

/**
 * Reads a message to the bot, decoded (`readTyped`): without the bot's own mention, greetings, `please`, the words
 * around a question and its marks. `can you find the budget, please?` asks for `budget`.
 */
export function readSpoken(typed: string, botUserId: string): Spoken {
  const mention = new RegExp(`<@${botUserId}(?:\\|[^<>]*)?>[,:]?`, 'g');
  const said = typed.replace(mention, ' ').replace(/\s+/g, ' ').trim();
  const bare = said.replace(EMOJI, ' ').trim();
  if (isThanks(bare)) return { kind: 'thanks' };
  if (!/[\p{L}\p{N}]/u.test(bare)) return { kind: bare === '' && said !== '' ? 'thanks' : 'nothing' };
  const text = plainQuestion(said);
  return text === '' ? { kind: 'nothing' } : { kind: 'asked', text };
}

function isThanks(bare: string): boolean {
  const said = bare.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return (
    said.some((word) => THANKS.has(word) || word === 'dank') &&
    said.every((word) => THANKS.has(word) || BESIDE_THANKS.has(word))
  );
}

/** Text in quotes is a name, so nothing is taken away from it. */
function plainQuestion(said: string): string {
  let text = said;
  for (const ending of [PUNCTUATION, AT_THE_END, PUNCTUATION]) text = text.replace(ending, '').trim();
  const asked = text !== said;
  let isQuestion = asked;
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(GREETING, '').replace(POLITE, '').replace(ASKING, '').trim();
    if (text !== before) isQuestion = true;
  }
  if (!isQuestion) return text;
  const named = text.replace(ARTICLE, '$1');
  return named.replace(FILES, '') || named;
}
